#include "base/file.h"
#include "pipeline/context.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

TEST(ProvideEnvironment, HidesAVariableOfTheHostThatHoldsACredential) {
  const base::TemporaryFolder folder;
  const base::SystemClock clock;
  EventBus bus;
  const RunSettings settings;
  const Surroundings surroundings{.project_folder = folder.path(),
                                  .variables = {{"TOKEN", "0123456789abcdef"}}};
  Context context{.surroundings = surroundings,
                  .settings = settings,
                  .clock = clock,
                  .bus = bus,
                  .sink = bus.sink(),
                  .stop = {},
                  .log_problems = {},
                  .collect = {},
                  .run_id = "r",
                  .folder = folder.path() / "exports" / "r",
                  .report = {}};
  context.project.environment.require = {"TOKEN"};
  context.redactor->add({"0123456789abcdef"});
  provide_environment(context);
  EXPECT_EQ(context.report.environment.at("TOKEN"), "***");
  EXPECT_EQ(context.variables.at("TOKEN"), "0123456789abcdef");
}

}  // namespace
}  // namespace fresh::pipeline
