#include "compose/inject.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

TEST(TarOf, HoldsOwnerModeAndNoTime) {
  const std::string tar =
      tar_of({{.path = "/run/secrets/key", .bytes = "s3cret", .uid = 1000, .gid = 50, .mode = 0440}}, "/");
  ASSERT_EQ(tar.size(), 512U * 4);
  EXPECT_EQ(tar.substr(0, 15), "run/secrets/key");
  EXPECT_EQ(tar.substr(100, 7), "0000440");
  EXPECT_EQ(tar.substr(108, 7), "0001750");
  EXPECT_EQ(tar.substr(116, 7), "0000062");
  EXPECT_EQ(tar.substr(124, 11), "00000000006");
  EXPECT_EQ(tar.substr(136, 11), "00000000000");
  EXPECT_EQ(tar.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_EQ(tar.substr(512, 6), "s3cret");
}

TEST(TarOf, NamesPathsFromTheFolderThatItIsUnpackedAt) {
  EXPECT_EQ(tar_of({{.path = "/run/secrets/key", .bytes = "s"}}, "/run/secrets").substr(0, 4),
            std::string("key\0", 4));
}

TEST(InjectedFiles, AreUnpackedAtTheInnermostVolumeThatHoldsThem) {
  Project project;
  project.secrets["key"].bytes = "k";
  project.configs["app"].bytes = "a";
  Service service;
  service.secrets = {{.source = "key", .target = "/run/secrets/key"}};
  service.configs = {{.source = "app", .target = "/run/app"}};
  EXPECT_EQ(injected_files(service, project).at("/").size(), 2U);

  service.mounts = {{.type = engine::MountType::volume, .source = {}, .target = "/run/secrets"},
                    {.type = engine::MountType::tmpfs, .source = {}, .target = "/run"},
                    {.type = engine::MountType::volume, .source = {}, .target = "/run/app.d"}};
  const auto files = injected_files(service, project);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files.at("/run/secrets").front().path, "/run/secrets/key");
  EXPECT_EQ(files.at("/").front().path, "/run/app");
}

TEST(TarOf, IsTheSameTwice) {
  const std::vector<InjectedFile> files{{.path = "/a", .bytes = std::string(512, 'x')},
                                        {.path = "/b", .bytes = ""}};
  EXPECT_EQ(tar_of(files, "/"), tar_of(files, "/"));
  EXPECT_EQ(tar_of(files, "/").size(), 512U * 5);
}

TEST(TarOf, LongPathsAreSplitOrRefused) {
  const std::string folder(90, 'd');
  EXPECT_EQ(tar_of({{.path = "/" + folder + "/" + folder, .bytes = ""}}, "/").substr(345, 90), folder);
  EXPECT_THROW(tar_of({{.path = "/" + std::string(300, 'x'), .bytes = ""}}, "/"), base::Error);
}

}  // namespace
}  // namespace fresh::compose
