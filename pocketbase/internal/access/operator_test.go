package access_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func TestTheFirstOperatorIsMadeOnceAndThenLeftAlone(t *testing.T) {
	s := Serve(t)
	find := func() *core.Record {
		record, err := s.App.FindAuthRecordByEmail(core.CollectionNameSuperusers, "operator@example.com")
		s.Must(err)
		return record
	}
	operator := find()
	operator.SetPassword("changed in the dashboard")
	s.Must(s.App.Save(operator))
	changed := find().TokenKey()
	s.Must(access.EnsureOperator(s.App, "operator@example.com", "correct horse"))
	if record := find(); record.TokenKey() != changed || !record.ValidatePassword("changed in the dashboard") {
		t.Error("the operator's password was changed back")
	}
	// An operator who replaced the first one by an account with another e-mail is not given the first one back.
	s.Must(access.EnsureOperator(s.App, "another@example.com", "correct horse"))
	s.Must(access.EnsureOperator(s.App, "", ""))
	if n := s.Count("SELECT count(*) FROM _superusers"); n != 1 {
		t.Errorf("%d operators", n)
	}
	status, body := s.Call(s.Login("_superusers", "operator@example.com", "changed in the dashboard"), "DELETE",
		"/api/collections/_superusers/records/"+operator.Id, nil)
	if status != 400 {
		t.Errorf("the last operator was deleted: %d %s", status, body)
	}
}

func TestAFirstOperatorThatCannotBe(t *testing.T) {
	b := NewBench(t)
	for email, password := range map[string]string{"": "", "no address": "another password", "a@example.com": "short"} {
		err := access.EnsureOperator(b.App, email, password)
		if err == nil || !strings.Contains(err.Error(), "POCKETBASE_ADMIN_EMAIL") || (password != "" && strings.Contains(err.Error(), password)) {
			t.Errorf("%q: %v", email, err)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM _superusers"), 0)
}
