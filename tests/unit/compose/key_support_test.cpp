#include "compose/key_support.h"

#include "base/file.h"
#include "compose/schema.h"
#include "unit/compose/project_text.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

const engine::Version podman{.flavor = engine::Flavor::podman, .engine = "4.3.1", .api = "1.41"};
const engine::Version old_docker{.flavor = engine::Flavor::docker, .engine = "20.10.24", .api = "1.41"};
const engine::Version new_docker{.flavor = engine::Flavor::docker, .engine = "26.1.5", .api = "1.45"};

std::vector<std::string> texts(const std::string& services, const std::optional<engine::Version>& version) {
  const Project project = test::project_of("services:\n" + services);
  std::vector<std::string> result;
  for (const auto& notice : key_notices(project, version)) {
    result.push_back(fmt::format("{}: {}", notice.place.line, notice.text));
  }
  return result;
}

TEST(KeySupport, NamesKeysOfTheSpecification) {
  for (const auto& rule : key_rules()) {
    const Key* key = &compose_file;
    std::string_view rest = rule.key;
    while (!rest.empty() && key != nullptr) {
      const auto dot = std::min(rest.find('.'), rest.size());
      const std::string_view part = rest.substr(0, dot);
      key = part == "*" ? item_of(key) : child(key, part);
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    EXPECT_TRUE(key != nullptr && key->accepts != 0) << rule.key;
    EXPECT_FALSE(rule.reason.empty()) << rule.key;
  }
}

TEST(KeySupport, IsWrittenInTheDocumentation) {
  std::string table = "| key | Podman | Docker | |\n|---|---|---|---|\n";
  for (const auto& rule : key_rules()) {
    const std::string since =
        rule.docker_since.empty() ? std::string() : fmt::format(" from API {} on", rule.docker_since);
    table += fmt::format("| `{}` | {} | {}{} | {} |\n", rule.key, shown(rule.podman), shown(rule.docker),
                         since, rule.reason);
  }
  const std::string page = base::read_file(std::string(FRESH_SOURCE_DIR) + "/docs/compose.md");
  EXPECT_NE(page.find(table), std::string::npos) << "docs/compose.md shall hold this table:\n" << table;
}

TEST(KeySupport, DependsOnTheEngine) {
  const std::string service = "  web: {image: x, domainname: example.org, annotations: {a: b}}\n";
  EXPECT_EQ(
      texts(service, podman),
      std::vector<std::string>{"2: 'services.web.domainname' is ignored: Podman's API has no domain name; "
                               "write it into 'hostname'"});
  EXPECT_EQ(texts(service, old_docker),
            std::vector<std::string>{
                "2: 'services.web.annotations' is ignored: Docker has annotations from API 1.43 on"});
  EXPECT_TRUE(texts(service, new_docker).empty());
  EXPECT_EQ(texts(service, std::nullopt),
            std::vector<std::string>{"2: 'services.web.domainname' is ignored by Podman: Podman's API has no "
                                     "domain name; write it into 'hostname'"});
}

TEST(KeySupport, SaysEachKeyOnceAndWhereItFirstStands) {
  EXPECT_EQ(
      texts("  a: {image: x, oom_score_adj: 5}\n"
            "  b: {image: x, oom_score_adj: 7, links: [a]}\n"
            "  c: {image: x, oom_score_adj: 7}\n",
            podman),
      (std::vector<std::string>{
          "3: 'services.b.links' is approximated: the order holds, and services find each other by name; "
          "an alias goes to 'aliases'",
          "2: 'services.a.oom_score_adj' (and 2 more) is ignored: the limit is not set"}));
}

TEST(KeySupport, IsSilentAboutWhatAsksForNothing) {
  EXPECT_TRUE(
      texts("  a: {image: x, oom_score_adj: 0, oom_kill_disable: false, attach: true, isolation: '',\n"
            "      ports: ['80:80'], deploy: {mode: replicated, labels: {}}}\n"
            "  b: {image: x, profiles: [p], cpu_quota: 5}\n",
            std::nullopt)
          .empty());
}

}  // namespace
}  // namespace fresh::compose
