#include "exports/summary.h"

#include "exports/manifest.h"
#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>

namespace fresh::exports {
namespace {

TEST(Summary, of_a_pass) {
  EXPECT_EQ(summary_text(passed_report()),
            R"(fresh-clone run 20261121T061914Z-3f9a2c of 'janusgraph-demo': PASS

commit       0123456789012345678901234567890123456789
seed, mode   42, strict
engine       podman 4.3.1 at unix:///run/podman/podman.sock
             chosen because of --engine
started      2026-11-21T06:19:14.123Z
took         3m12s
reset        reset
fingerprint  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
baseline     equal (ledger)
grade        A

Gates
  G0_PRECHECK          passed           0.1s  all there
  G8_NOTEBOOKS         passed            12s  2 of 2
  G10_STATUS           passed           0.0s  complete

Services
  analytics-api        healthy
  janusgraph           healthy

Notebooks: 2 of 2 passed
  passed              5.0s  notebooks/a.ipynb
  passed              7.0s  notebooks/b.ipynb

Slowest steps
      9.0s  image:localhost/a:1: build
      0.0s  service:db:1: start

Inputs that moved since they were locked
  - package:curl: 7.88.1-10 -> 7.88.1-11

Warnings
  - inputs moved

Notes
  - first run on this machine

PASS run=20261121T061914Z-3f9a2c fingerprint=aaaaaaaaaaaa 3m12s
)");
}

TEST(Summary, of_a_failure_ends_with_it) {
  const std::string text = summary_text(failed_report());
  const std::string end = R"(
Failed: G8_NOTEBOOKS (exit 50)
  notebook 'notebooks/b.ipynb' failed in cell 3: ValueError
  ------ logs/notebook-notebooks__b.ipynb.log (last 2 lines)
  Traceback
  ValueError: 3
  ------
  what to do: open exports/r/notebooks/b.ipynb and look at cell 3

FAIL run=20261121T061914Z-3f9a2c gate=G8_NOTEBOOKS exit=50 3m12s: notebook 'notebooks/b.ipynb' failed in cell 3: ValueError
)";
  EXPECT_TRUE(text.ends_with(end)) << text;
  EXPECT_LT(text.find("notebooks/a.ipynb"), text.find("notebooks/b.ipynb:"));
}

TEST(Summary, shows_the_slowest_steps_only) {
  RunReport report = passed_report();
  report.steps.clear();
  for (int i = 0; i < 20; ++i) {
    report.steps.push_back({.subject = "s" + std::to_string(i),
                            .text = "x",
                            .outcome = "ok",
                            .took = base::Milliseconds(1000 * i)});
  }
  const std::string text = summary_text(report);
  EXPECT_NE(text.find("19s  s19: x"), std::string::npos);
  EXPECT_NE(text.find("15s  s15: x"), std::string::npos);
  EXPECT_EQ(text.find("s14: x"), std::string::npos);
}

TEST(Summary, of_a_run_without_notebooks_says_what_it_is_worth) {
  RunReport report = passed_report();
  report.notebooks_skipped = true;
  EXPECT_NE(summary_text(report).find("a diagnosis, not a proof"), std::string::npos);
}

TEST(EnvironmentText, is_sorted_lines) {
  RunReport report = passed_report();
  report.environment["BROKEN"] = "two\nlines";
  EXPECT_EQ(environment_text(report), "BROKEN=two lines\nPYTHONHASHSEED=0\nTZ=UTC\n");
}

TEST(ImagesJson, is_sorted_by_name) {
  const std::string text = images_json(passed_report());
  EXPECT_LT(text.find("localhost/a:1"), text.find("localhost/z:1"));
}

}  // namespace
}  // namespace fresh::exports
