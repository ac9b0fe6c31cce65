package policy

const (
	HoldPending   = holdPending
	ReleaseHeld   = releaseHeld
	CancelWaiting = cancelWaiting
)
