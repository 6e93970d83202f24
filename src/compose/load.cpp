#include "compose/load.h"

#include "base/error.h"
#include "base/file.h"
#include "base/lines.h"
#include "compose/check.h"
#include "compose/consistency.h"
#include "compose/interpolate.h"
#include "compose/key_support.h"
#include "compose/model_loader.h"
#include "compose/normalise.h"
#include "compose/project_name.h"
#include "compose/read_resources.h"
#include "compose/read_service.h"
#include "compose/tree.h"
#include "compose/typed.h"
#include "document/refuse.h"
#include "document/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

using document::Node;
using std::filesystem::path;
using Variables = std::map<std::string, std::string, std::less<>>;

std::optional<std::string> find_in(const Variables& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

/// The files to merge: each followed by its overlay. An overlay that no file has is refused, not skipped.
std::vector<path> with_overlays(const LoadRequest& request, const ModelLoader& loader) {
  std::vector<path> result;
  std::string looked_for;
  bool found = request.overlay.empty();
  for (const auto& file : request.files) {
    result.push_back(file);
    if (request.overlay.empty()) {
      continue;
    }
    path overlay = file;
    overlay.replace_extension("." + request.overlay + file.extension().string());
    if (request.read(overlay)) {
      result.push_back(overlay);
      found = true;
    }
    looked_for += (looked_for.empty() ? "" : ", ") + loader.shown(overlay);
  }
  if (!found) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("no compose file for the environment '{}'", request.overlay),
                      fmt::format("create {}, or name another environment", looked_for));
  }
  return result;
}

/// What interpolation sees: the environment, then the env files.
Variables variables(const LoadRequest& request, const path& folder, const ModelLoader& loader) {
  Variables result(request.environment.begin(), request.environment.end());
  std::vector<path> files = request.env_files;
  if (files.empty() && request.read(folder / ".env")) {
    files.push_back(folder / ".env");
  }
  const Variables own =
      read_env_files(files, loader, [&](std::string_view name) { return find_in(result, name); });
  result.insert(own.begin(), own.end());
  return result;
}

/// Lower case, without what a name cannot have.
std::string as_name(const std::string& text) {
  std::string name;
  for (const char c : base::lower(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-') {
      name += c;
    }
  }
  return name.erase(0, std::min(name.find_first_not_of("_-"), name.size()));
}

/// `name:` of the last file that has one, interpolated, as a name. Refuses one of which nothing stays.
std::string written_name(const std::vector<path>& files, const LoadRequest& request, ModelLoader& loader,
                         const Lookup& lookup) {
  std::string name;
  document::Place place;
  for (const auto& file : files) {
    for (const auto& node : loader.documents(file)) {
      if (const Node* written = node.find("name");
          written != nullptr && written->kind == document::Kind::text) {
        name = written->scalar;
        place = written->place;
      }
    }
  }
  std::vector<std::string> unset;
  std::string meant = name;
  if (request.interpolate) {
    try {
      meant = substitute(name, lookup, unset);
    } catch (const InterpolationError& error) {
      document::refuse(place, error.message, error.hint);
    }
  }
  meant = as_name(meant);
  if (meant.empty() && !name.empty()) {
    document::refuse(place, fmt::format("nothing of the name '{}' can be the project's name", name),
                     unset.empty()
                         ? "use lower-case letters, digits, '-' and '_', beginning with a letter or digit"
                         : fmt::format("set the variable {}, or name the project with -p", unset.front()));
  }
  return meant;
}

/// The first of: the request, COMPOSE_PROJECT_NAME, `name:`, the folder.
std::string name_of(const std::vector<path>& files, const LoadRequest& request, ModelLoader& loader,
                    const Variables& environment, const path& folder) {
  std::string name = request.project_name;
  if (name.empty()) {
    name = find_in(environment, "COMPOSE_PROJECT_NAME").value_or("");
  }
  if (name.empty()) {
    name =
        written_name(files, request, loader, [&](std::string_view one) { return find_in(environment, one); });
  }
  if (name.empty()) {
    name = as_name(folder.filename().string());
  }
  if (name.empty() || as_name(name) != name) {
    throw base::Error(base::ExitCode::precheck, fmt::format("'{}' is no project name", name),
                      "use lower-case letters, digits, '-' and '_', beginning with a letter or digit");
  }
  return name;
}

std::set<std::string> active_profiles(const LoadRequest& request, const Variables& environment) {
  std::set<std::string> result(request.profiles.begin(), request.profiles.end());
  if (const auto found = environment.find("COMPOSE_PROFILES"); found != environment.end()) {
    std::string_view rest = found->second;
    while (!rest.empty()) {
      result.emplace(base::next_part(rest, ','));
    }
  }
  if (result.empty()) {
    result.insert("");  // as docker compose splits an empty COMPOSE_PROFILES
  }
  return result;
}

bool is_active(const Node& service, const std::set<std::string>& profiles) {
  const Node* own = service.find("profiles");
  return own == nullptr || own->items.empty() || profiles.contains("*") ||
         std::any_of(own->items.begin(), own->items.end(),
                     [&](const Node& profile) { return profiles.contains(profile.scalar); });
}

void find_inactive(Model& model, const std::set<std::string>& profiles) {
  for (const auto& entry : model.root.find("services")->entries) {
    if (!is_active(entry.value, profiles)) {
      model.inactive.push_back(entry.key);
    }
  }
  std::sort(model.inactive.begin(), model.inactive.end());
}

void read_files_of_active(Model& model, const Lookup& lookup, const ReadFile& read) {
  for (auto& entry : model.root.find("services")->entries) {
    if (!std::binary_search(model.inactive.begin(), model.inactive.end(), entry.key)) {
      read_service_files(entry.value, lookup, read);
    }
  }
}

/// docker compose shows the scale as replicas where there is a `deploy`.
void scale_as_replicas(Node& root) {
  for (auto& entry : root.find("services")->entries) {
    const Node* scale = entry.value.find("scale");
    Node* deploy = entry.value.find("deploy");
    if (scale != nullptr && deploy != nullptr) {
      set_default(*deploy, "replicas", *scale);
    }
  }
}

/// Values of the process and paths come into the model, and from there into JSON.
void need_utf8(std::string_view text, const std::string& what) {
  if (document::first_invalid_utf8(text)) {
    throw base::Error(base::ExitCode::precheck, fmt::format("{} is not UTF-8", what), "give it in UTF-8");
  }
}

/// Everything up to the normalised tree.
struct Loading {
  explicit Loading(const LoadRequest& request)
      : interpolates(request.interpolate),
        loader(request, home_of(request)),
        folder(request.working_folder.empty() ? request.files.front().parent_path() : request.working_folder),
        files(with_overlays(request, loader)),
        environment(variables(request, folder, loader)),
        lookup([this](std::string_view one) { return text_of(one); }),
        name(name_of(files, request, loader, environment, folder)) {
    environment["COMPOSE_PROJECT_NAME"] = name;
    need_utf8(folder.string(), "the path of the project's folder");
    root = loader.load(files, {.folder = folder, .lookup = lookup});
    if (root.entries.empty()) {
      throw base::Error(base::ExitCode::precheck,
                        fmt::format("the compose file '{}' says nothing", loader.shown(files.front())),
                        "add 'services:'");
    }
    normalise(root, {.project_name = name, .lookup = lookup});
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  static std::string home_of(const LoadRequest& request) {
    const auto found = request.environment.find("HOME");
    if (found == request.environment.end()) {
      return {};
    }
    need_utf8(found->second, "the value of the variable 'HOME'");
    return found->second;
  }

  /// A model as it is written sees nothing of the environment but the project's name, as docker compose has
  /// it.
  std::optional<std::string> text_of(std::string_view one) const {
    if (!interpolates && one != "COMPOSE_PROJECT_NAME") {
      return std::nullopt;
    }
    auto value = find_in(environment, one);
    if (value) {
      need_utf8(*value, fmt::format("the value of the variable '{}'", one));
    }
    return value;
  }

  bool interpolates;
  ModelLoader loader;
  path folder;
  std::vector<path> files;
  Variables environment;
  Lookup lookup;
  std::string name;
  Node root;
};

void need_files(const LoadRequest& request) {
  if (request.files.empty()) {
    throw base::Error(base::ExitCode::precheck, "no compose file is given", "name one under 'stack.files'");
  }
}

void need_services(Node& root, bool may_be_empty) {
  const Node* services = root.find("services");
  if (may_be_empty) {
    set_default(root, "services", map_value(root.place));
  } else if (services == nullptr) {
    document::refuse(root.place, "a compose file needs a map 'services'", "add 'services:'");
  } else if (services->entries.empty()) {
    document::refuse(services->place, "this project has no services", "add one below 'services:'");
  }
}

}  // namespace

std::string_view shown(Condition condition) {
  switch (condition) {
    case Condition::started:
      return "service_started";
    case Condition::healthy:
      return "service_healthy";
    case Condition::completed:
      return "service_completed_successfully";
  }
  return "service_started";
}

std::optional<std::string> read_from_disk(const path& file) {
  return base::read_file_if_exists(file, largest_file);
}

std::optional<std::string> read_at(const document::Place& place, const ReadFile& read, const path& file) {
  try {
    return read(file);
  } catch (const base::Error& error) {
    document::refuse(place, error.message(), error.hint(), error.code());
  }
}

std::string project_name(const LoadRequest& request) {
  need_files(request);
  ModelLoader loader(request, {});
  const path folder =
      request.working_folder.empty() ? request.files.front().parent_path() : request.working_folder;
  const auto files = with_overlays(request, loader);
  return name_of(files, request, loader, variables(request, folder, loader), folder);
}

Node load_untyped(const LoadRequest& request) {
  need_files(request);
  Loading loading(request);
  return std::move(loading.root);
}

Model load_model(const LoadRequest& request) {
  need_files(request);
  Loading loading(request);
  need_services(loading.root, request.may_be_empty);
  make_typed(loading.root);
  Model model{.name = loading.name,
              .working_folder = loading.folder,
              .files = std::move(loading.files),
              .included_files = loading.loader.more_files(),
              .environment = loading.environment,
              .inactive = {},
              .warnings = loading.loader.warnings(),
              .root = std::move(loading.root)};
  for (const auto& name : loading.loader.unset()) {
    model.warnings.push_back(fmt::format("the variable {} is not set and counts as empty", name));
  }
  const auto profiles = active_profiles(request, loading.environment);
  find_inactive(model, profiles);
  check_consistency(model.root, model.inactive);
  if (request.service_files) {
    const ReadFile or_nothing = [&](const path& file) { return request.read(file).value_or(""); };
    read_files_of_active(model, loading.lookup, request.all_must_exist ? request.read : or_nothing);
  }
  scale_as_replicas(model.root);
  return model;
}

Project load(const LoadRequest& request) {
  Model model = load_model(request);
  Project project;
  project.name = std::move(model.name);
  project.working_folder = std::move(model.working_folder);
  project.files = std::move(model.files);
  project.inactive = std::move(model.inactive);
  project.warnings = std::move(model.warnings);
  for (const auto& entry : model.root.find("services")->entries) {
    if (std::binary_search(project.inactive.begin(), project.inactive.end(), entry.key)) {
      continue;
    }
    Service service = read_service(entry.key, entry.value);
    if (service.image.empty() && service.build) {
      service.image = fmt::format("{}-{}", project.name, service.name);
    }
    project.services.emplace(entry.key, std::move(service));
  }
  const auto variable = [&](const std::string& name) { return find_in(model.environment, name); };
  read_resources(model.root,
                 {.wanted = request.materials,
                  .must_exist = request.all_must_exist,
                  .read = request.read,
                  .variable = variable},
                 project);
  project.key_uses = key_uses(model.root, project.inactive);
  check(project);
  return project;
}

}  // namespace fresh::compose
