#pragma once

#include "pipeline/violation.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::pipeline {

/// What a seeding job says of the data it left, read back from the data: the JSON object in its last line of
/// output, flattened: `counts/person` -> `200`, `sentinels/ring-1/size` -> `4`, `digest` -> `ab12...`.
using SeedReport = std::map<std::string, std::string>;

/// compose/seed-assertions.yaml: what must be found, in the same flattened form. `counts` hold for every
/// seed, all else
/// (`sentinels`, `digest`) for `seed` alone.
struct SeedAssertions {
  std::int64_t seed = 42;
  std::map<std::string, std::string> values;
};

/// Throws base::Error (precheck) with the place for a file that asserts nothing or holds lists of lists.
SeedAssertions load_seed_assertions(const std::filesystem::path& file, const std::string& name);

/// Throws base::Error (contract) when the last non-empty line of `output` is no JSON object: a job that says
/// nothing proves nothing.
SeedReport parse_seed_report(std::string_view output);

/// How many of the assertions hold for `seed`: all for their own, the counts for another.
std::size_t applicable(const SeedAssertions& assertions, std::int64_t seed);

/// What differs, sorted by path; empty when the report holds all that is asserted for `seed`.
std::vector<Violation> check_seed(const SeedAssertions& assertions, const SeedReport& report,
                                  std::int64_t seed);

}  // namespace fresh::pipeline
