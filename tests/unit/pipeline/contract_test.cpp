#include "pipeline/contract.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "document/load_yaml.h"

namespace fresh::pipeline {
namespace {

std::vector<Contract> contracts(const std::string& yaml) {
  const auto root = document::load_yaml(yaml, "fresh-clone.yaml");
  return load_contracts(&root);
}

TEST(Contract, IsReadFromTheFile) {
  const auto loaded = contracts("- {service: api, imports: [pydantic, numpy]}\n"
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
    EXPECT_NE(error.message().find("fresh-clone.yaml:1:3: the contract of 'api' asks for nothing"), std::string::npos)
        << error.message();
  }
}

TEST(Contract, OnAPathNeedsAPath) { EXPECT_THROW(contracts("- {service: api, writable: true}\n"), base::Error); }

TEST(Contract, WithAnUnknownKeyNamesTheNearest) {
  try {
    contracts("- {service: api, import: [x]}\n");
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.hint(), "did you mean 'imports'?");
  }
}

}  // namespace
}  // namespace fresh::pipeline
