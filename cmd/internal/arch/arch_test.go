package arch_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/cmd/internal/arch"
)

type source struct {
	pkg, file string
	imports   []string
	test      bool
}

func TestEveryImportIsInTheTable(t *testing.T) {
	seen := map[string]bool{}
	for _, src := range sources(t) {
		allowed, known := arch.Imports[src.pkg]
		if !known && !testOnly(src.pkg) {
			t.Errorf("%s: package %s is not in the table", src.file, src.pkg)
			continue
		}
		seen[src.pkg] = true
		for _, imp := range src.imports {
			for _, fault := range judge(src, imp, allowed) {
				t.Error(fault)
			}
		}
	}
	if len(seen) < 10 {
		t.Fatalf("read only %d packages: the test looks in the wrong place", len(seen))
	}
}

func TestTheJudgeFindsForbiddenArrows(t *testing.T) {
	for name, tc := range map[string]struct {
		src  source
		imp  string
		want bool
	}{
		"a subject imports a library that an adapter owns": {source{pkg: "bot/dispute"}, "github.com/redis/go-redis/v9", true},
		"an adapter imports another":                       {source{pkg: "bot/telegram"}, arch.Module + "/bot/redisdb", true},
		"content imports knowledge":                        {source{pkg: "content"}, arch.Module + "/knowledge", true},
		"the conversation imports a subject":               {source{pkg: "bot"}, arch.Module + "/bot/dispute", false},
		"the owner imports its library":                    {source{pkg: "bot/redisdb"}, "github.com/redis/go-redis/v9", false},
	} {
		if got := len(judge(tc.src, tc.imp, arch.Imports[tc.src.pkg])) > 0; got != tc.want {
			t.Errorf("%s: found fault %v, want %v", name, got, tc.want)
		}
	}
}

// testOnly packages are fakes and servers that only tests import.
func testOnly(pkg string) bool { return strings.HasSuffix(pkg, "test") }

func judge(src source, imp string, allowed []string) []string {
	if src.test || testOnly(src.pkg) {
		return nil // a test may bring in what it needs to look at a package from outside
	}
	if own, ok := strings.CutPrefix(imp, arch.Module+"/"); ok {
		if !slices.Contains(allowed, own) && !slices.Contains(allowed, "*") {
			return []string{src.file + ": " + src.pkg + " may not import " + own}
		}
		return nil
	}
	for lib, owners := range arch.Owners {
		if strings.HasPrefix(imp, lib) && !slices.Contains(owners, src.pkg) {
			return []string{src.file + ": " + imp + " belongs to " + strings.Join(owners, ", ")}
		}
	}
	return nil
}

func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	var all []source
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		src, err := read(root, path)
		all = append(all, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(root, path string) (source, error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return source{}, err
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return source{}, err
	}
	src := source{pkg: filepath.ToSlash(filepath.Dir(rel)), file: rel, test: strings.HasSuffix(rel, "_test.go")}
	for _, imp := range f.Imports {
		name, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return source{}, err
		}
		src.imports = append(src.imports, name)
	}
	return src, nil
}
