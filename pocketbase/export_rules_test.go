package main

func (c *expressionCheck) IsRunning() bool { return len(c.machines) < expressionMachines }
