package rules

func (c *ExpressionCheck) IsRunning() bool { return len(c.machines) < expressionMachines }

var (
	CheckSourceSecret        = checkSourceSecret
	CheckVerificationOptions = checkVerificationOptions
	CheckKey                 = checkKey
	LeadsElsewhere           = leadsElsewhere
)
