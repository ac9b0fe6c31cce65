package rules

import (
	"errors"
	"fmt"

	"pockethook/internal/fault"
)

// webhooksAtMost is the default limit of an account.
const webhooksAtMost = 10

// checkWebhook limits how many webhooks an account has. It runs inside the transaction of the save, so that concurrent
// saves can't exceed the limit together.
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
		return nil // reported by the check of the field
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
