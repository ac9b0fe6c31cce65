package rules

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dop251/goja"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"pockethook/internal/fault"
)

// Time limits of a check, shorter than the API service waits for a save. The checking code has size limits that keep it
// below 0.5 s, so these are a second line of defence. A check holds the writing connection only if the caller has begun a
// transaction already, as a batch does.
const (
	expressionTime              = 1500 * time.Millisecond
	expressionTimeInTransaction = 100 * time.Millisecond
)

// expressionMachines is how many checks run at once, plus one in transactions: more would take the CPU from everything else.
const expressionMachines = 2

// ExpressionCheck validates the expressions of records by running the API's own code, bundled to JavaScript.
type ExpressionCheck struct {
	program       *goja.Program
	machines      chan *expressionMachine
	inTransaction chan *expressionMachine
}

type expressionMachine struct {
	runtime     *goja.Runtime
	checkRecord goja.Callable
}

type checkedExpressions struct{}

// Bind refuses records with invalid expressions. They are checked before the write transaction begins, and reported
// together with the other problems of the record.
func (c *ExpressionCheck) Bind(app core.App) {
	for _, kind := range Kinds {
		if len(kind.Expressions) == 0 {
			continue
		}
		collection := kind.Collection
		for _, save := range []*hook.TaggedHook[*core.RecordEvent]{app.OnRecordCreate(collection), app.OnRecordUpdate(collection)} {
			save.Bind(&hook.Handler[*core.RecordEvent]{Func: c.beforeTransaction, Priority: BeforeTransaction})
		}
		bindCheckOfEvent(app, collection, c.tell)
	}
}

// NewExpressionCheck loads the code that the build wrote into the folder; returns a fault.Refusal if there is none.
func NewExpressionCheck(hooksDir string) (*ExpressionCheck, error) {
	path := filepath.Join(hooksDir, "generated", "expressions.js")
	source, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Refusal("the check of expressions is missing: there is no " + path + ". `npm run build` makes it; --hooksDir says where it is.")
	}
	if err != nil {
		return nil, err
	}
	program, err := goja.Compile(path, "(function (module, exports) {"+string(source)+"\n})", false)
	if err != nil {
		return nil, err
	}
	check := &ExpressionCheck{program, make(chan *expressionMachine, expressionMachines), make(chan *expressionMachine, 1)}
	for range expressionMachines {
		check.machines <- nil
	}
	check.inTransaction <- nil
	return check, nil
}

func (c *ExpressionCheck) beforeTransaction(e *core.RecordEvent) error {
	found, err := c.find(e)
	if err != nil {
		return err
	}
	e.Context = context.WithValue(e.Context, checkedExpressions{}, found)
	return e.Next()
}

func (c *ExpressionCheck) tell(e *core.RecordEvent, p problems) error {
	found, known := e.Context.Value(checkedExpressions{}).(map[string]string)
	if !known {
		var err error
		if found, err = c.find(e); err != nil {
			return err
		}
	}
	for field, message := range found {
		p.add(field, errors.New(message))
	}
	return nil
}

// find returns problems by field. A record whose expressions don't change isn't checked, so that one saved before a limit
// was introduced can still be renamed or paused.
func (c *ExpressionCheck) find(e *core.RecordEvent) (map[string]string, error) {
	collection := e.Record.Collection().Name
	kind, _ := KindOf(collection)
	fields := kind.Expressions
	if !e.Record.IsNew() {
		stored, changed := e.Record.Original(), false
		for _, field := range fields {
			changed = changed || stored.GetString(field) != e.Record.GetString(field)
		}
		if !changed {
			return map[string]string{}, nil
		}
	}
	machines, limit := c.machines, expressionTime
	if e.App.IsTransactional() {
		machines, limit = c.inTransaction, expressionTimeInTransaction
	}
	var machine *expressionMachine
	select {
	case machine = <-machines:
	case <-e.Context.Done():
		return nil, e.Context.Err()
	}
	found, machine, err := c.run(machine, collection, e.Record.GetString, limit)
	machines <- machine
	var interrupted *goja.InterruptedError
	if errors.As(err, &interrupted) {
		last := fields[len(fields)-1]
		return map[string]string{last: fmt.Sprintf("takes longer than %s to check. Make its expressions smaller; in a batch, save it by itself.", limit)}, nil
	}
	return found, err
}

// run returns the machine for the next check: nil after an interruption, since its state is undefined then.
func (c *ExpressionCheck) run(machine *expressionMachine, collection string, read func(string) string, limit time.Duration) (map[string]string, *expressionMachine, error) {
	if machine == nil {
		var err error
		if machine, err = c.load(); err != nil {
			return nil, nil, err
		}
	}
	timer := time.AfterFunc(limit, func() { machine.runtime.Interrupt("too long") })
	value, err := machine.checkRecord(goja.Undefined(), machine.runtime.ToValue(collection), machine.runtime.ToValue(read))
	if !timer.Stop() || err != nil {
		return nil, nil, errors.Join(err, interruptedIf(err == nil))
	}
	found := map[string]string{}
	if err := machine.runtime.ExportTo(value, &found); err != nil {
		return nil, nil, err
	}
	return found, machine, nil
}

// interruptedIf makes the error for a time limit that was reached just as the check ended.
func interruptedIf(late bool) error {
	if late {
		return &goja.InterruptedError{}
	}
	return nil
}

func (c *ExpressionCheck) load() (*expressionMachine, error) {
	runtime := goja.New()
	wrapper, err := runtime.RunProgram(c.program)
	if err != nil {
		return nil, err
	}
	bundle, _ := goja.AssertFunction(wrapper)
	module, exports := runtime.NewObject(), runtime.NewObject()
	if err := module.Set("exports", exports); err != nil {
		return nil, err
	}
	if _, err := bundle(goja.Undefined(), module, exports); err != nil {
		return nil, err
	}
	checkRecord, isFunction := goja.AssertFunction(module.Get("exports").ToObject(runtime).Get("checkRecord"))
	if !isFunction {
		return nil, errors.New("the check of expressions has no checkRecord")
	}
	return &expressionMachine{runtime, checkRecord}, nil
}
