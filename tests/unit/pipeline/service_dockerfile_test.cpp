#include "pipeline/service_dockerfile.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

class Dockerfiles : public testing::Test {
 protected:
  Dockerfiles() {
    service.name = "web";
    service.build = compose::Build{};
    service.build->context = folder.path() / "web";
    write("web/Dockerfile", "FROM a\n");
  }
  void write(const std::string& path, const std::string& text) const {
    base::write_file_atomic(folder.path() / path, text);
  }
  ServiceDockerfile read(engine::Flavor flavor = engine::Flavor::podman) const {
    return service_dockerfile(service, {}, flavor);
  }
  std::string refusal(engine::Flavor flavor = engine::Flavor::podman) const {
    try {
      read(flavor);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      EXPECT_NE(error.hint(), "");
      return error.message();
    }
    return "accepted";
  }

  base::TemporaryFolder folder;
  compose::Service service;
};

TEST_F(Dockerfiles, AreFoundWhereverTheyLie) {
  EXPECT_EQ(read().path, "Dockerfile");
  EXPECT_FALSE(read().is_ours);
  write("web/docker/web", "FROM b\n");
  service.build->dockerfile = "docker/web";
  EXPECT_EQ(read().path, "docker/web");
  write("other", "FROM c\n");
  service.build->dockerfile = "../other";
  EXPECT_EQ(read().text, "FROM c\n");
  EXPECT_TRUE(read().is_ours);
  service.build->dockerfile.clear();
  service.build->dockerfile_inline = "FROM d\n";
  EXPECT_EQ(read().use.images.at(0).name, "d");
  EXPECT_TRUE(read().is_ours);
}

TEST_F(Dockerfiles, WhatIsNotThereIsSaid) {
  service.build->dockerfile = "gone";
  EXPECT_NE(refusal().find("gone', which does not exist"), std::string::npos) << refusal();
  for (const std::string context :
       {"https://example.org/a.git", "git@example.org:a", "service:b", "/no/such"}) {
    service.build->context = context;
    EXPECT_NE(refusal().find("'" + context + "', which is no folder"), std::string::npos) << refusal();
  }
}

TEST_F(Dockerfiles, WhatNoBuildGetsIsRefusedWhereItIsNeeded) {
  write("web/Dockerfile", "FROM a\nRUN --mount=type=secret,id=s true\n");
  EXPECT_EQ(refusal(), "accepted");
  EXPECT_NE(refusal(engine::Flavor::docker).find("secret 's' (line 2"), std::string::npos);
  write("web/Dockerfile", "FROM a\nRUN --mount=type=ssh true\n");
  EXPECT_EQ(refusal(), "accepted");
  service.build->ssh = true;
  EXPECT_NE(refusal().find("ssh agent (line 2"), std::string::npos);
}

TEST_F(Dockerfiles, AContextBecomesAStageBelowTheGlobalArguments) {
  write("web/Dockerfile", "# syntax\nARG V=1\n\nFROM a:$V\nCOPY --from=assets . .\n");
  auto file = read();
  add_stage(file, service, "assets", "x:1");
  EXPECT_EQ(file.text, "# syntax\nARG V=1\n\nFROM x:1 AS assets\nFROM a:$V\nCOPY --from=assets . .\n");
  EXPECT_TRUE(file.is_ours);
  EXPECT_THROW(add_stage(file, service, "As/sets", "x:1"), base::Error);
}

}  // namespace
}  // namespace fresh::pipeline
