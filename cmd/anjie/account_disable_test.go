package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// TestAnAccountWithCasesIsDisabledOnlyWhenToldWhereTheyGo: the terminal lists
// what it holds in Chinese and does nothing until it is told.
func TestAnAccountWithCasesIsDisabledOnlyWhenToldWhereTheyGo(t *testing.T) {
	dir := t.TempDir()
	id, takes := added(t, dir, "王芳", "mediator"), added(t, dir, "刘芳", "mediator")
	clerk := added(t, dir, "赵办", "clerk")
	number := claimed(t, dir, id)

	code, _, errs := call(t, dir, "", "account", "disable", id)
	for _, want := range []string{"没有停用", "王芳手上还有 1 件纠纷", number, "--hand-over-to", "--release"} {
		if code != 1 || !strings.Contains(errs, want) {
			t.Errorf("without being told where: exit %d, %q is missing in %s", code, want, errs)
		}
	}
	for name, tc := range map[string]struct{ to, want string }{
		"nobody":         {"没有这个人", "没有在用的账号"},
		"a clerk":        {clerk, "不能交给赵办"},
		"the same again": {id, "没有停用"},
	} {
		if code, _, errs := call(t, dir, "", "account", "disable", id, "--hand-over-to", tc.to); code != 1 || !strings.Contains(errs, tc.want) {
			t.Errorf("to %s: exit %d, %s", name, code, errs)
		}
	}
	if _, list, _ := call(t, dir, "", "account", "list"); strings.Contains(list, "disabled") {
		t.Fatalf("it was shut all the same:\n%s", list)
	}
	if code, _, errs := call(t, dir, "", "account", "disable", id, "--hand-over-to", "刘芳"); code != 0 {
		t.Fatalf("handed over: exit %d, %s", code, errs)
	}
	if _, trail, _ := call(t, dir, "", "account", "trail", id); !strings.Contains(trail, "handed") || !strings.Contains(trail, takes) || !strings.Contains(trail, "shut") {
		t.Errorf("the trail:\n%s", trail)
	}
	if code, _, errs := call(t, dir, "", "account", "disable", takes, "--release"); code != 0 {
		t.Fatalf("released: exit %d, %s", code, errs)
	}
	if _, shown, _ := call(t, dir, "", "case", "show", number); !strings.Contains(shown, "accepted") {
		t.Errorf("the case isn't back in the queue:\n%s", shown)
	}
	if code, _, errs := call(t, dir, "", "account", "disable", clerk); code != 0 {
		t.Errorf("a clerk who holds nothing: exit %d, %s", code, errs)
	}
}

func added(t *testing.T, dir, name, role string) string {
	t.Helper()
	code, id, errs := call(t, dir, "", "account", "add", name, role)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	return strings.TrimSpace(id)
}

// claimed files a case in the trial and has a mediator claim it.
func claimed(t *testing.T, dir, mediator string) (number string) {
	t.Helper()
	s, err := config.Load("", nil, config.Settings{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		t.Fatal(err)
	}
	svc, closer, err := wire.OpenCases(t.Context(), s, c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ca, err := svc.File(t.Context(), access.Actor{ID: "web:resident"}, dispute.Filing{
		Token: "x", Gate: dispute.Gate{Verdict: dispute.Yes, Rule: "plain"},
		Report: dispute.Report{
			Village: "371083001219", Category: "neighbour", What: "邻居家空调外机太响", Source: "web", Urgency: dispute.Normal,
			Consented: time.Unix(1, 0), Contact: dispute.Contact{Name: "赵试用", Phone: "13900000000"},
		},
	})
	if err == nil {
		_, err = svc.Claim(t.Context(), access.Actor{ID: mediator, Name: "王芳", Role: access.Mediator}, ca.ID, dispute.Seen{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	return string(ca.Number)
}
