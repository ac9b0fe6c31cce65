package replay

const ClaimsAtMost = claimsAtMost
