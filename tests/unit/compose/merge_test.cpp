#include "compose/merge.h"

#include "base/error.h"
#include "compose/reset.h"
#include "compose/tree_text.h"
#include "compose/unique.h"
#include "document/load_yaml.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

document::Node file(const std::string& text, const std::string& name) {
  return document::load_yaml_documents("services: {web: {" + text + "}}", name, document::Dialect::go).at(0);
}

std::string merged(const std::string& base, const std::string& over) {
  document::Node root = file(base, "base.yaml");
  document::Node later = file(over, "over.yaml");
  remove_paths(root, take_tags(later));
  root = merge(std::move(root), std::move(later));
  make_unique(root);
  return yaml_text(*root.find("services")->find("web"));
}

TEST(Merge, MapsDeeplyListsAppendedScalarsReplaced) {
  EXPECT_EQ(merged("image: a, healthcheck: {retries: 3}, cap_add: [X]",
                   "image: b, healthcheck: {interval: 1s}, cap_add: [W, X]"),
            "cap_add:\n  - X\n  - W\nhealthcheck:\n  interval: 1s\n  retries: 3\nimage: b\n");
}

TEST(Merge, CommandsAreReplacedWhole) {
  EXPECT_EQ(
      merged("command: [a, b], healthcheck: {test: [CMD, x]}", "command: [c], healthcheck: {test: [NONE]}"),
      "command:\n  - c\nhealthcheck:\n  test:\n    - NONE\n");
}

TEST(Merge, EnvironmentOfBothFormsKeepsTheFirstPlace) {
  EXPECT_EQ(merged("environment: {B: 1, A: x}", "environment: [A=2, C]"),
            "environment:\n  - \"A=2\"\n  - \"B=1\"\n  - C\n");
}

TEST(Merge, VolumesAreOneByTarget) {
  EXPECT_EQ(merged("volumes: ['aa:/x', 'bb:/y']", "volumes: ['cc:/x:ro']"),
            "volumes:\n  - \"cc:/x:ro\"\n  - \"bb:/y\"\n");
}

TEST(Merge, DependenciesBecomeOneMap) {
  EXPECT_EQ(merged("depends_on: [a]", "depends_on: {b: {condition: service_healthy}}"),
            "depends_on:\n  a:\n    condition: service_started\n    required: true\n  b:\n    condition: "
            "service_healthy\n");
}

TEST(Merge, LoggingOfAnotherDriverReplaces) {
  EXPECT_EQ(merged("logging: {driver: a, options: {x: 1}}", "logging: {driver: b, options: {w: 2}}"),
            "logging:\n  driver: b\n  options:\n    w: 2\n");
  EXPECT_EQ(merged("logging: {driver: a, options: {x: 1}}", "logging: {options: {w: 2}}"),
            "logging:\n  driver: a\n  options:\n    w: 2\n    x: 1\n");
}

TEST(Merge, ResetRemovesAndOverrideReplaces) {
  EXPECT_EQ(merged("image: a, ports: ['80'], cap_add: [X]", "ports: !reset null, cap_add: !override [W]"),
            "cap_add:\n  - W\nimage: a\n");
}

TEST(Merge, ATypeClashNamesPathAndPlaces) {
  try {
    merged("cap_add: [X]", "cap_add: {a: b}");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("over.yaml:1:"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("cannot override services.web.cap_add"), std::string::npos)
        << error.message();
  }
}

}  // namespace
}  // namespace fresh::compose
