#include "notebooks/load.h"

#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace fresh::notebooks {
namespace {

void check_path(const std::string& path, const std::filesystem::path& project_folder,
                const document::Place& place) {
  const std::filesystem::path relative = std::filesystem::path(path).lexically_normal();
  if (relative.is_absolute() || relative.empty() || *relative.begin() == "..") {
    document::refuse(place, fmt::format("'paths' takes paths inside the project, found '{}'", path));
  }
  if (!std::filesystem::exists(project_folder / relative)) {
    document::refuse(place, fmt::format("'{}' does not exist", path),
                     fmt::format("make '{}', or take it out of 'notebooks.paths'", path));
  }
}

std::string normal(const std::string& path) {
  std::string out = std::filesystem::path(path).lexically_normal().generic_string();
  while (out.size() > 1 && out.back() == '/') {
    out.pop_back();
  }
  return out;
}

void check_reach(const std::string& address, const document::Place& place) {
  static const RE2 host_and_port(R"([A-Za-z0-9._-]+:(\d{1,5}))");
  int port = 0;
  if (!RE2::FullMatch(address, host_and_port, &port) || port < 1 || port > 65535) {
    document::refuse(place, fmt::format("'reach' takes host:port, found '{}'", address));
  }
}

}  // namespace

NotebooksSpec load(const document::Node& node, const std::filesystem::path& project_folder) {
  document::Fields fields(node, "notebooks");
  NotebooksSpec spec{.image = fields.text("image"), .paths = fields.texts("paths"), .place = node.place};
  if (spec.paths.empty()) {
    document::refuse(node.place, "'notebooks' needs 'paths': a list of folders or notebooks");
  }
  for (std::string& path : spec.paths) {
    check_path(path, project_folder, node.find("paths")->place);
    path = normal(path);
  }
  std::sort(spec.paths.begin(), spec.paths.end());
  spec.network = fields.text("network", "");
  spec.timeout = fields.duration("timeout", spec.timeout);
  spec.cell_timeout = fields.duration("cell_timeout", spec.timeout);
  spec.jobs = static_cast<int>(std::clamp<std::int64_t>(fields.integer("jobs", spec.jobs), 0, 256));
  spec.env = fields.text_map("env");
  spec.user = fields.text("user", spec.user);
  spec.modules = fields.texts("requires");
  spec.reach = fields.texts("reach");
  for (const std::string& address : spec.reach) {
    check_reach(address, node.find("reach")->place);
  }
  if (const document::Node* memory = fields.find("memory")) {
    spec.memory = document::parse_size(memory->text());
    if (!spec.memory || *spec.memory <= 0) {
      document::refuse(memory->place,
                       fmt::format("'memory' takes a size such as 512m, found '{}'", memory->text()));
    }
  }
  if (spec.jobs < 1) {
    document::refuse(node.find("jobs")->place, "'jobs' must be 1 or more");
  }
  if (spec.timeout.count() <= 0 || spec.cell_timeout.count() <= 0) {
    document::refuse(node.place, "'timeout' and 'cell_timeout' must be more than 0");
  }
  fields.finish();
  return spec;
}

}  // namespace fresh::notebooks
