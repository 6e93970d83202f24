#pragma once

#include "cli/row_template.h"
#include "pipeline/day.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <string>
#include <vector>

/// What `--format` can show of each thing that is listed, under the names that docker compose 2.26 and docker
/// give the fields (compose cmd/formatter/container.go, docker cli formatter_stats.go).
namespace fresh::cli {

/// The columns of a verb: `ps`, `stats`, `images`, `ls` or `volumes`.
const std::vector<Column>& columns_of(const std::string& verb);

/// `whole`: nothing is cut off, as with --no-trunc. `project` is the stack's name.
nlohmann::ordered_json row_of(const pipeline::StackContainer& one, const std::string& project, bool whole,
                              std::chrono::sys_seconds now);
nlohmann::ordered_json row_of(const pipeline::Usage& usage, bool whole);
nlohmann::ordered_json row_of(const pipeline::ServiceImage& image, std::int64_t size);
/// `status`: `running(2)`.
nlohmann::ordered_json row_of(const pipeline::ListedProject& project, const std::string& status);
nlohmann::ordered_json row_of(const engine::Volume& volume);

}  // namespace fresh::cli
