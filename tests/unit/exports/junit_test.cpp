#include "exports/junit.h"

#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stack>

namespace fresh::exports {
namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Empty when every element is closed in order and no attribute or text holds a bare `<` or `&`.
std::string well_formed(const std::string& xml) {
  std::stack<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at)) {
    const auto end = xml.find('>', at);
    if (end == std::string::npos) {
      return "a tag without end";
    }
    const std::string tag = xml.substr(at + 1, end - at - 1);
    at = end;
    if (tag.find('<') != std::string::npos || std::count(tag.begin(), tag.end(), '"') % 2 != 0) {
      return "bad tag " + tag;
    }
    if (tag[0] == '?') {
      continue;
    }
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find(' ') - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.top() != name) {
        return "'" + name + "' is closed and was not open";
      }
      open.pop();
    } else if (tag.back() != '/') {
      open.push(name);
    }
  }
  for (auto at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1)) {
    const auto end = xml.find(';', at);
    const std::string entity = xml.substr(at, end - at + 1);
    if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;" &&
        entity != "&#10;" && entity != "&#9;") {
      return "bad entity " + entity.substr(0, 10);
    }
  }
  return open.empty() ? "" : "'" + open.top() + "' is never closed";
}

TEST(Junit, has_a_suite_per_gate_and_per_notebook) {
  const std::string xml = junit_xml(passed_report());
  EXPECT_EQ(well_formed(xml), "");
  EXPECT_EQ(occurrences(xml, "<testsuite "), 5U);
  EXPECT_EQ(occurrences(xml, "<testcase "), 5U);
  EXPECT_NE(xml.find("<testcase classname=\"gates.G0_PRECHECK\" name=\"disk\" time=\"0.003\"/>"),
            std::string::npos);
  EXPECT_NE(xml.find("<testcase classname=\"notebooks.a\" name=\"cell 1: import\" time=\"0.410\"/>"),
            std::string::npos);
  EXPECT_NE(xml.find("<testsuites name=\"fresh-clone\" errors=\"0\" failures=\"0\" skipped=\"0\" tests=\"5\" "
                     "time=\"192.400\">"),
            std::string::npos)
      << xml;
}

TEST(Junit, counts_failures_and_what_was_not_reached) {
  const std::string xml = junit_xml(failed_report());
  EXPECT_EQ(well_formed(xml), "");
  EXPECT_EQ(occurrences(xml, "<failure "), 2U);
  EXPECT_EQ(occurrences(xml, "<skipped "), 1U);
  EXPECT_NE(xml.find("failures=\"2\" skipped=\"1\" tests=\"5\""), std::string::npos);
  EXPECT_NE(xml.find("what to do: open exports/r/notebooks/b.ipynb"), std::string::npos);
  EXPECT_EQ(xml.find('\x1b'), std::string::npos);
}

TEST(Junit, a_gate_that_failed_beside_its_passed_checks_is_red) {
  RunReport report = failed_report();
  report.gates[1].checks = {{.name = "one", .result = "passed"}};
  EXPECT_EQ(occurrences(junit_xml(report), "<failure "), 2U);
}

TEST(Junit, hostile_text_stays_inside_its_attribute) {
  RunReport report = failed_report();
  report.gates[1].reason = "<a b=\"c\">&amp; ]]> \x01\x1b[31m\xff\n\tend";
  report.notebooks[0].path = "a\"<b>/c.ipynb";
  const std::string xml = junit_xml(report);
  EXPECT_EQ(well_formed(xml), "");
  EXPECT_NE(xml.find("&lt;a b=&quot;c&quot;&gt;&amp;amp; ]]&gt; \xEF\xBF\xBD end"), std::string::npos) << xml;
}

TEST(Junit, a_run_that_got_nowhere_is_still_a_document) {
  const std::string xml = junit_xml(RunReport{});
  EXPECT_EQ(well_formed(xml), "");
  EXPECT_TRUE(xml.ends_with("</testsuites>\n"));
}

}  // namespace
}  // namespace fresh::exports
