#include "determinism/controls.h"

#include <gtest/gtest.h>

namespace fresh::determinism {
namespace {

TEST(Controls, hold_what_seed_003_asks_for) {
  const auto controls = portable_controls({.seed = 7, .commit_time = 1700000000, .project = "p"});
  EXPECT_EQ(controls.at("DEMO_SEED"), "7");
  EXPECT_EQ(controls.at("PYTHONHASHSEED"), "0");
  EXPECT_EQ(controls.at("TZ"), "UTC");
  EXPECT_EQ(controls.at("SOURCE_DATE_EPOCH"), "1700000000");
  EXPECT_EQ(controls.at("OPENBLAS_NUM_THREADS"), "1");
  EXPECT_EQ(controls.at("OPENBLAS_CORETYPE"), "Haswell");
}

TEST(Controls, name_cpu_features_only_for_the_architecture_that_has_them) {
  const auto controls = portable_controls({.project = "p", .architecture = "arm64"});
  EXPECT_FALSE(controls.contains("OPENBLAS_CORETYPE"));
  EXPECT_FALSE(controls.contains("NPY_DISABLE_CPU_FEATURES"));
}

TEST(Controls, svg_ids_come_from_the_project) {
  EXPECT_EQ(matplotlibrc("demo"), "svg.hashsalt: demo\n");
}

}  // namespace
}  // namespace fresh::determinism
