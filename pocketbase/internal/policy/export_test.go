package policy

const HoldPending = holdPending
