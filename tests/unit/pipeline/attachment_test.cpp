#include "pipeline/attachment.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

using Names = std::set<std::string>;

/// web waits for db and for the end of init; quiet has `attach: false`.
compose::Project stack() {
  compose::Project project;
  for (const char* name : {"db", "init", "quiet", "web"}) {
    project.services[name].name = name;
  }
  project.services["quiet"].attach = false;
  project.services["web"].depends_on["db"] = {};
  project.services["web"].depends_on["init"].condition = compose::Condition::completed;
  return project;
}

TEST(Attachment, IsToAllThatDoNotOptOut) {
  const auto all = attachment_of(stack(), {}, {});
  EXPECT_EQ(all.shown, (Names{"db", "init", "web"}));
  EXPECT_EQ(all.watched, (Names{"db", "init", "quiet", "web"}));
  EXPECT_EQ(all.awaited, Names{"init"});
}

TEST(Attachment, IsToTheNamedServicesWithTheirDependenciesWhenAskedFor) {
  EXPECT_EQ(attachment_of(stack(), {"web"}, {}).shown, Names{"web"});
  EXPECT_EQ(attachment_of(stack(), {"web"}, {}).watched, Names{"web"});
  const auto with = attachment_of(stack(), {"web"}, {.dependencies = true});
  EXPECT_EQ(with.shown, (Names{"db", "init", "web"}));
  EXPECT_EQ(with.watched, (Names{"db", "init", "web"}));
}

TEST(Attachment, IsToWhatAttachNamesAndNeverToWhatNoAttachNames) {
  const auto only = attachment_of(stack(), {}, {.only = {"quiet", "db"}});
  EXPECT_EQ(only.shown, (Names{"db", "quiet"}));
  EXPECT_EQ(only.watched.size(), 4U);
  const auto without = attachment_of(stack(), {"web"}, {.without = {"web"}});
  EXPECT_EQ(without.shown, Names{});
  EXPECT_EQ(without.watched, Names{"web"});
  EXPECT_EQ(attachment_of(stack(), {"web"}, {.exit_code_from = "db"}).watched, (Names{"db", "web"}));
}

TEST(Attachment, RefusesServicesThatDoNotComeUp) {
  for (const AttachRequest& wrong : {AttachRequest{.only = {"wbe"}}, AttachRequest{.without = {"wbe"}},
                                     AttachRequest{.exit_code_from = "wbe"}}) {
    try {
      attachment_of(stack(), {}, wrong);
      ADD_FAILURE() << "accepted";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::usage);
      EXPECT_EQ(error.hint(), "did you mean 'web'?");
    }
  }
}

}  // namespace
}  // namespace fresh::pipeline
