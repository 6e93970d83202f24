#include "pipeline/contract.h"

#include "base/error.h"
#include "document/load_yaml.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

std::vector<Contract> contracts(const std::string& yaml) {
  const auto root = document::load_yaml(yaml, "fresh-clone.yaml");
  return load_contracts(&root);
}

TEST(Contract, IsReadFromTheFile) {
  const auto loaded = contracts(
      "- {service: api, imports: [pydantic, numpy]}\n"
      "- {service: graph, path: /var/log/graph, writable: true, owner: graph, mode: '750'}\n"
      "- {service: api, env: TOKEN}\n");
  ASSERT_EQ(loaded.size(), 3U);
  EXPECT_EQ(loaded[0].imports, (std::vector<std::string>{"pydantic", "numpy"}));
  EXPECT_TRUE(loaded[1].writable);
  EXPECT_EQ(loaded[1].owner, "graph");
  EXPECT_EQ(loaded[1].mode, "750");
  EXPECT_EQ(shown(loaded[1]), "path /var/log/graph writable");
  EXPECT_EQ(loaded[2].env, "TOKEN");
}

TEST(Contract, ThatAsksForNothingIsRefusedWithItsPlace) {
  try {
    contracts("- {service: api}\n");
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ExitCode::precheck);
    EXPECT_NE(error.message().find("fresh-clone.yaml:1:3: the contract of 'api' asks for nothing"),
              std::string::npos)
        << error.message();
  }
}

TEST(Contract, OnAPathNeedsAPath) {
  EXPECT_THROW(contracts("- {service: api, writable: true}\n"), base::Error);
}

TEST(Contract, WithAnUnknownKeyNamesTheNearest) {
  try {
    contracts("- {service: api, import: [x]}\n");
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.hint(), "did you mean 'imports'?");
  }
}

TEST(Contract, ReadsEveryKind) {
  const auto loaded = contracts(
      "- {service: api, stays_healthy: 3, port: 8000, process: python3, env: TOKEN, min_length: 32}\n"
      "- {service: api, http: {port: 8000, path: /health, pointer: /count, equals: 3}}\n"
      "- {service: api, http: {url: 'http://127.0.0.1:1/x', status: 404}}\n");
  ASSERT_EQ(loaded.size(), 3U);
  EXPECT_EQ(loaded[0].stays_healthy, 3);
  EXPECT_EQ(loaded[0].port, 8000);
  EXPECT_EQ(loaded[0].min_length, 32U);
  EXPECT_EQ(loaded[1].http->equals, "3");
  EXPECT_EQ(loaded[2].http->status, 404);
  EXPECT_EQ(shown(loaded[0]), "env TOKEN; healthy 3 times; port 8000; process python3");
  EXPECT_EQ(shown(loaded[1]), "http :8000/health");
}

TEST(Contract, RefusesWhatCannotBeMeant) {
  for (const char* text :
       {"port: 0", "port: 70000", "stays_healthy: 0", "min_length: 3", "http: {}",
        "http: {port: 1, url: 'http://h/'}", "http: {url: h}", "http: {port: 1, path: health}",
        "http: {port: 1, equals: x}", "http: {port: 1, pointer: status}", "http: {port: 1, status: 99}",
        "http: {port: 1, body: x}"}) {
    EXPECT_THROW(contracts(std::string("- {service: api, ") + text + "}\n"), base::Error) << text;
  }
}

}  // namespace
}  // namespace fresh::pipeline
