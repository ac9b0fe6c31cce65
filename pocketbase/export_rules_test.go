package main

func (c *expressionCheck) isRunning() bool { return len(c.machines) < expressionMachines }
