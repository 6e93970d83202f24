#include "exports/run_id.h"

#include "base/error.h"
#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>

namespace fresh::exports {
namespace {

TEST(RunId, is_made_of_time_and_random_bytes) {
  EXPECT_EQ(generate_run_id(sample_time(), {0x3f, 0x9a, 0x0c}), "20261121T061914Z-3f9a0c");
}

TEST(RunId, sorts_by_time) {
  EXPECT_LT(generate_run_id(sample_time(), {255, 255, 255}),
            generate_run_id(sample_time() + std::chrono::seconds(1), {0, 0, 0}));
}

TEST(RunId, what_is_generated_is_valid) {
  EXPECT_NO_THROW(check_run_id(generate_run_id(sample_time(), {1, 2, 3})));
  EXPECT_NO_THROW(check_run_id("ci-1234_a.b"));
  EXPECT_NO_THROW(check_run_id(std::string(64, 'a')));
}

TEST(RunId, tricks_with_paths_are_refused) {
  for (const std::string id :
       {"", ".", "..", "a/b", "/etc", "a..b", ".hidden", "-rf", "a b", "a\nb", "a\\b", "ä", "_x", "a:b"}) {
    try {
      check_run_id(id);
      ADD_FAILURE() << "accepted '" << id << "'";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::usage);
      EXPECT_FALSE(error.hint().empty());
    }
  }
  EXPECT_THROW(check_run_id(std::string(65, 'a')), base::Error);
  EXPECT_THROW(check_run_id(std::string("a\0b", 3)), base::Error);
}

}  // namespace
}  // namespace fresh::exports
