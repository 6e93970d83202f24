#include "cli/row_template.h"

#include "base/error.h"
#include "cli/age.h"
#include "cli/rows.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::cli {
namespace {

using Json = nlohmann::ordered_json;

const std::chrono::sys_seconds now = *moment_of("2026-01-31T12:00:00Z");

pipeline::StackContainer web() {
  pipeline::StackContainer one{.service = "web", .number = 1, .one_off = false, .container = {}};
  one.container.id = {std::string(64, 'a')};
  one.container.name = "shop-web-1";
  one.container.image = "nginx";
  one.container.command = {"nginx", "-g", "daemon off; and more"};
  one.container.created = "2026-01-31T11:00:00.5Z";
  one.container.started_at = "2026-01-31T12:57:00.123456789+01:00";
  one.container.state = "running";
  one.container.health = "healthy";
  one.container.labels = {{"a.web-port", "80"}, {"b", "<x>"}};
  one.container.ports = {
      {.container_port = 80, .host_port = 8080, .host_ip = "127.0.0.1", .protocol = "tcp"}};
  one.container.networks = {{"shop_back", {}}, {"shop_front", {}}};
  return one;
}

std::string shown(const std::string& text, const std::vector<pipeline::StackContainer>& found = {web()},
                  bool whole = false) {
  std::vector<Json> rows;
  for (const auto& one : found) {
    rows.push_back(row_of(one, "shop", whole, now));
  }
  return RowTemplate(text, columns_of("ps")).text_of(rows);
}

base::Error refusal(const std::string& text, const std::string& verb = "ps") {
  try {
    const RowTemplate taken(text, columns_of(verb));
    ADD_FAILURE() << text << " was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::usage);
    return error;
  }
  return {base::ExitCode::bug, ""};
}

TEST(RowTemplate, FieldsStandBetweenLiteralText) {
  EXPECT_EQ(shown("{{.Service}} {{ .State }}/{{.Health}}\\t{{.ExitCode}}"), "web running/healthy\t0\n");
  EXPECT_EQ(shown("{{.ID}}"), std::string(12, 'a') + "\n");
  EXPECT_EQ(shown("{{.ID}}", {web()}, true), std::string(64, 'a') + "\n");
  EXPECT_EQ(shown("{{.Name}}\\n--"), "shop-web-1\n--\n");
  EXPECT_EQ(shown("a {{- .Service -}} \tb{{\"{{\"}}"), "awebb{{\n");
  EXPECT_EQ(shown("{{.Networks}}|{{.Project}}|{{.Label \"b\"}}|{{.Label \"none\"}}"),
            "shop_back,shop_front|shop|<x>|\n");
  EXPECT_EQ(shown("{{.Name}}", {}), "");
}

TEST(RowTemplate, ValuesAreWhatDockerComposeShows) {
  EXPECT_EQ(shown("{{.Publishers}} {{.Ports}}"), "[{127.0.0.1 80 8080 tcp}] 127.0.0.1:8080->80/tcp\n");
  EXPECT_EQ(shown("{{.Labels}}"), "a.web-port=80,b=<x>\n");
  EXPECT_EQ(shown("{{.Status}}, {{.RunningFor}}"), "Up 3 minutes (healthy), About an hour ago\n");
  EXPECT_EQ(shown("{{.Command}}"), "\"nginx -g 'daemon of…\"\n");
  EXPECT_EQ(shown("{{.Command}}", {web()}, true), "\"nginx -g 'daemon off; and more'\"\n");
  EXPECT_EQ(shown("{{.CreatedAt}}"), "2026-01-31 11:00:00 +0000 UTC\n");
  auto created = web();
  created.container.state = "created";
  created.container.ports.clear();
  EXPECT_EQ(shown("{{.Status}}{{.Publishers}}{{.Health}}{{json .Publishers}}", {created}), "Created[]null\n");
}

TEST(RowTemplate, JsonIsOfAFieldOrOfAllInTheOrderOfTheirNames) {
  EXPECT_EQ(shown("{{json .Publishers}}"),
            R"([{"URL":"127.0.0.1","TargetPort":80,"PublishedPort":8080,"Protocol":"tcp"}])"
            "\n");
  EXPECT_EQ(shown("{{.ExitCode | json}}{{json .Name}}"), "0\"shop-web-1\"\n");
  const auto whole = Json::parse(shown("{{json .}}"));
  std::vector<std::string> fields;
  for (const auto& column : columns_of("ps")) {
    fields.push_back(column.field);
  }
  std::vector<std::string> keys;
  for (const auto& [key, value] : whole.items()) {
    keys.push_back(key);
  }
  EXPECT_EQ(keys, fields);
  EXPECT_TRUE(std::is_sorted(fields.begin(), fields.end()));
  EXPECT_EQ(whole["Labels"], "a.web-port=80,b=<x>");
}

TEST(RowTemplate, RowsHaveTheColumnsOfTheirVerb) {
  const std::map<std::string, Json> rows{
      {"ps", row_of(web(), "shop", false, now)},
      {"stats", row_of(pipeline::Usage{.of = web(), .use = {}, .cpu_percent = 1.234}, false)},
      {"images", row_of(pipeline::ServiceImage{"web", "h:5000/nginx:1", "ab"}, 5)},
      {"ls", row_of(pipeline::ListedProject{"shop", "/compose.yaml", {}}, "running(2)")},
      {"volumes", row_of(engine::Volume{"shop_data", "local", {}})}};
  for (const auto& [verb, row] : rows) {
    std::vector<std::string> fields;
    for (const auto& column : columns_of(verb)) {
      fields.push_back(column.field);
      EXPECT_TRUE(row.contains(column.field)) << verb << " " << column.field;
    }
    EXPECT_EQ(row.size(), fields.size()) << verb;
  }
  EXPECT_EQ(rows.at("stats")["CPUPerc"], "1.23%");
  EXPECT_EQ(rows.at("images")["Repository"], "h:5000/nginx");
}

TEST(RowTemplate, UsageIsShownInDockersUnits) {
  pipeline::Usage usage{.of = web(), .use = {}, .cpu_percent = 0};
  usage.use.memory = 1'500'000;
  usage.use.memory_limit = std::int64_t{8} << 30;
  usage.use.network_in = 1'234;
  usage.use.processes = 3;
  const auto row = row_of(usage, false);
  EXPECT_EQ(row["MemUsage"], "1.431MiB / 8GiB");
  EXPECT_EQ(row["MemPerc"], "0.02%");
  EXPECT_EQ(row["NetIO"], "1.23kB / 0B");
  EXPECT_EQ(row["PIDs"], "3");
}

TEST(RowTemplate, ATableHasHeadingsAndDockersWidths) {
  auto other = web();
  other.service = "a-long-service";
  EXPECT_EQ(shown("table {{.Service}}\\t{{.State}}\\t{{.Label \"a.web-port\"}}", {web(), other}),
            "SERVICE          STATE     web port\n"
            "web              running   80\n"
            "a-long-service   running   80\n");
  EXPECT_EQ(shown("table {{.Name}}", {}), "NAME\n");
}

TEST(RowTemplate, WhatIsUnknownIsRefusedWithTheNearest) {
  EXPECT_EQ(refusal("{{.Stat}}").hint(), "did you mean 'State'?");
  EXPECT_EQ(refusal("{{.Servce}} x").message(), "--format: there is no field 'Servce'");
  EXPECT_EQ(refusal("{{json .nme}}", "ls").hint(), "the fields are ConfigFiles, Name, Status");
  EXPECT_EQ(refusal("{{.Publishers.URL}}").hint(), "write {{.Publishers}} or {{json .Publishers}}");
  EXPECT_NE(refusal("{{.Name").message().find("has no '}}'"), std::string::npos);
  for (const std::string action : {"range .Publishers", "end", "if .Health", "", ".", "index .Publishers 0",
                                   "printf \"%s\" .Name", "Name", "\"open", "json", ".Label b"}) {
    const auto error = refusal("{{" + action + "}}");
    EXPECT_EQ(error.message(), "--format: '{{" + action + "}}' is not supported here");
    EXPECT_NE(error.hint().find("write {{.Field}}, {{json .}}, {{json .Field}}"), std::string::npos);
    EXPECT_NE(error.hint().find("Publishers, RunningFor"), std::string::npos);
  }
}

TEST(RowTemplate, OtherWordsOfFormatAreNoTemplate) {
  for (const std::string word : {"", "table", "json"}) {
    EXPECT_FALSE(is_template(word));
  }
  EXPECT_TRUE(is_template("table {{.Name}}"));
  EXPECT_THROW(is_template("jsn"), base::Error);
}

TEST(Age, IsToldAsDockerTellsIt) {
  using std::chrono::seconds;
  const std::vector<std::pair<int, std::string>> cases{
      {0, "Less than a second"}, {1, "1 second"},           {59, "59 seconds"},
      {60, "About a minute"},    {125, "2 minutes"},        {3'700, "About an hour"},
      {5'400, "2 hours"},        {47 * 3600, "47 hours"},   {48 * 3600, "2 days"},
      {14 * 86'400, "2 weeks"},  {60 * 86'400, "2 months"}, {730 * 86'400, "2 years"}};
  for (const auto& [span, text] : cases) {
    EXPECT_EQ(shown_span(seconds(span)), text);
  }
  EXPECT_FALSE(moment_of(""));
  EXPECT_FALSE(moment_of("yesterday"));
  engine::Container ended;
  ended.state = "exited";
  ended.exit_code = 3;
  ended.finished_at = "2026-01-31T11:59:55Z";
  EXPECT_EQ(shown_status(ended, now), "Exited (3) 5 seconds ago");
}

}  // namespace
}  // namespace fresh::cli
