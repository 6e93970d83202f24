#include "exports/junit.h"

#include "exports/json_text.h"
#include "exports/plain_text.h"

#include <fmt/core.h>

#include <string_view>
#include <vector>

namespace fresh::exports {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : plain_text(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\t':
        result += "&#9;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

struct Suite {
  std::string name;
  std::string class_name;
  base::Milliseconds took{0};
  std::vector<CheckReport> cases;
};

struct Tally {
  std::size_t failures = 0;
  std::size_t skipped = 0;
  std::size_t tests = 0;

  void add(const Suite& suite) {
    for (const auto& check : suite.cases) {
      ++tests;
      failures += check.result == "failed" ? 1U : 0U;
      skipped += check.result != "failed" && check.result != "passed" ? 1U : 0U;
    }
  }
};

/// A verdict that no case carries becomes a case of its own, or the suite would look green.
void add_verdict(Suite& suite, const std::string& name, const std::string& result,
                 const std::string& message) {
  bool is_told = !suite.cases.empty();
  if (result == "failed") {
    is_told = false;
    for (const auto& check : suite.cases) {
      is_told = is_told || check.result == "failed";
    }
  }
  if (!is_told) {
    suite.cases.push_back({.name = name, .result = result, .took = suite.took, .message = message});
  }
}

Suite suite_of(const GateReport& gate) {
  Suite suite{.name = gate.id, .class_name = "gates." + gate.id, .took = gate.took, .cases = gate.checks};
  const std::string remedy =
      gate.remediation.empty() ? "" : fmt::format("\nwhat to do: {}", gate.remediation);
  add_verdict(suite, gate.id, gate.result, gate.reason + remedy);
  return suite;
}

Suite suite_of(const NotebookReport& notebook) {
  Suite suite{
      .name = notebook.path, .class_name = notebook.path, .took = notebook.took, .cases = notebook.cells};
  for (char& c : suite.class_name) {
    c = c == '/' ? '.' : c;
  }
  if (suite.class_name.ends_with(".ipynb")) {
    suite.class_name.resize(suite.class_name.size() - std::string_view(".ipynb").size());
  }
  add_verdict(suite, notebook.path, notebook.result, notebook.reason);
  return suite;
}

std::string case_xml(const Suite& suite, const CheckReport& check) {
  std::string text =
      fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")", escaped(suite.class_name),
                  escaped(one_line(check.name)), seconds(check.took));
  if (check.result == "passed") {
    return text + "/>\n";
  }
  text += ">\n";
  const std::string message = escaped(one_line(check.message));
  if (check.result == "failed") {
    text += fmt::format("      <failure message=\"{}\" type=\"failed\">{}</failure>\n", message,
                        escaped(check.message));
  } else {
    text += fmt::format("      <skipped message=\"{}\" type=\"{}\"/>\n", message, escaped(check.result));
  }
  return text + "    </testcase>\n";
}

std::string suite_xml(const RunReport& report, const Suite& suite) {
  Tally tally;
  tally.add(suite);
  std::string text = fmt::format(
      "  <testsuite name=\"{}\" errors=\"0\" failures=\"{}\" skipped=\"{}\" tests=\"{}\" time=\"{:.3f}\" "
      "timestamp=\"{}\" hostname=\"\">\n",
      escaped(suite.name), tally.failures, tally.skipped, tally.tests, seconds(suite.took),
      base::rfc3339(report.started));
  text += "    <properties>\n";
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"run_id", report.run_id},
                                                        {"commit_sha", report.commit_sha},
                                                        {"seed", fmt::format("{}", report.seed)}}) {
    text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escaped(value));
  }
  text += "    </properties>\n";
  for (const auto& check : suite.cases) {
    text += case_xml(suite, check);
  }
  return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const RunReport& report) {
  std::vector<Suite> suites;
  for (const auto& gate : report.gates) {
    suites.push_back(suite_of(gate));
  }
  for (const auto& notebook : report.notebooks) {
    suites.push_back(suite_of(notebook));
  }
  Tally tally;
  std::string body;
  for (const auto& suite : suites) {
    tally.add(suite);
    body += suite_xml(report, suite);
  }
  return fmt::format(
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
             "<testsuites name=\"fresh-clone\" errors=\"0\" failures=\"{}\" skipped=\"{}\" tests=\"{}\" "
             "time=\"{:.3f}\">\n",
             tally.failures, tally.skipped, tally.tests, seconds(report.duration)) +
         body + "</testsuites>\n";
}

}  // namespace fresh::exports
