package rules

import (
	"errors"
	"fmt"

	"pockethook/internal/fault"
)

// webhooksAtMost holds for an account that says nothing else.
const webhooksAtMost = 10

// checkWebhook bounds how many webhooks an account has. It runs inside the transaction of the save, so that many at once
// can't pass it together.
func checkWebhook(s save, p problems) error {
	app, record := s.app, s.record
	if !record.GetBool("notifications") {
		return nil
	}
	if record.GetString("type") != "http" {
		p.add("notifications", errors.New("is for destinations of the type http; triggers can notify the others as well"))
	}
	if !record.IsNew() && record.Original().GetBool("notifications") {
		return nil
	}
	account, err := app.FindRecordById("accounts", record.GetString("account"))
	if err != nil {
		return nil // the field itself says so
	}
	atMost := account.GetInt("webhooks_at_most")
	if atMost == 0 {
		atMost = webhooksAtMost
	}
	var count int
	err = app.DB().NewQuery("SELECT count(*) FROM destinations WHERE account = {:account} AND notifications").
		Bind(map[string]any{"account": account.Id}).Row(&count)
	if err == nil && count >= atMost {
		p.add("notifications", fault.Conflict(fmt.Sprintf(
			"The account has %d webhooks, which is as many as it may have: delete one first, or ask an operator to raise webhooks_at_most of the account.", count)))
	}
	return err
}
