#include "notebooks/load.h"

#include "document/fields.h"
#include "document/project_path.h"
#include "document/refuse.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace fresh::notebooks {
namespace {

/// As `--jobs`: more notebooks at once than any machine runs well.
constexpr std::int64_t most_jobs = 64;
/// The Docker engine refuses a container with less.
constexpr std::int64_t least_memory = std::int64_t{6} << 20U;

/// The folders and notebooks below the project, sorted.
std::vector<std::string> load_paths(document::Fields& fields, const std::filesystem::path& project_folder) {
  std::vector<std::string> paths;
  for (const document::Node& node : fields.word_nodes("paths")) {
    paths.push_back(document::project_path(node));
    if (!std::filesystem::exists(project_folder / paths.back())) {
      document::refuse(node.place, fmt::format("'{}' does not exist", paths.back()),
                       fmt::format("make '{}', or take it out of 'notebooks.paths'", paths.back()));
    }
  }
  if (paths.empty()) {
    document::refuse(fields.node().place, "'notebooks' needs 'paths': a list of folders or notebooks",
                     "write it as 'paths: [notebooks]'");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string checked_reach(const document::Node& node) {
  static const RE2 host_and_port(R"([A-Za-z0-9._-]+:(\d{1,5}))");
  int port = 0;
  if (!RE2::FullMatch(node.text(), host_and_port, &port) || port < 1 || port > 65535) {
    document::refuse(node.place, fmt::format("'reach' takes host:port, found '{}'", node.text()),
                     "write it like janusgraph:8182");
  }
  return node.text();
}

std::optional<std::int64_t> load_memory(document::Fields& fields) {
  if (!fields.has("memory")) {
    return std::nullopt;
  }
  const document::Node& node = *fields.find("memory");
  const auto memory = document::parse_size(node.text());
  if (!memory || *memory < least_memory) {
    document::refuse(node.place,
                     fmt::format("'memory' takes a size such as 512m, at least 6m, found '{}'", node.text()),
                     "write what one notebook may use, or leave it out");
  }
  return memory;
}

}  // namespace

NotebooksSpec load(const document::Node& node, const std::filesystem::path& project_folder) {
  document::Fields fields(node, "notebooks");
  NotebooksSpec spec{
      .image = fields.word("image"), .paths = load_paths(fields, project_folder), .place = node.place};
  spec.network = fields.word("network", "");
  spec.timeout = fields.timeout("timeout", spec.timeout);
  spec.cell_timeout = fields.timeout("cell_timeout", spec.timeout);
  spec.jobs = static_cast<int>(fields.integer("jobs", spec.jobs, 1, most_jobs));
  spec.env = fields.text_map("env");
  spec.user = fields.word("user", spec.user);
  spec.modules = fields.words("requires");
  for (const document::Node& address : fields.word_nodes("reach")) {
    spec.reach.push_back(checked_reach(address));
  }
  spec.memory = load_memory(fields);
  spec.secrets = fields.words("secrets");
  fields.finish();
  return spec;
}

}  // namespace fresh::notebooks
