#include "pipeline/config.h"

#include "base/error.h"
#include "base/lines.h"
#include "compose/config.h"
#include "compose/hash.h"
#include "compose/key_support.h"
#include "compose/tree.h"
#include "compose/tree_text.h"
#include "document/refuse.h"
#include "pipeline/stack.h"
#include "trust/redact.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fresh::pipeline {
namespace {

using Show = ConfigRequest::Show;

std::string lines(const std::vector<std::string>& words) {
  return words.empty() ? std::string() : fmt::format("{}\n", fmt::join(words, "\n"));
}

std::vector<std::string> keys(const document::Node& config, std::string_view top) {
  std::vector<std::string> result;
  if (const auto* map = config.find(top)) {
    for (const auto& entry : map->entries) {
      result.push_back(entry.key);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string hashes(const compose::Project& project, const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto& [name, service] : project.services) {
    names.push_back(name);
  }
  std::vector<std::string> chosen = names;
  if (wanted != "*") {
    chosen.clear();
    for (std::string_view rest = wanted; !rest.empty();) {
      chosen.emplace_back(base::next_part(rest, ','));
    }
    std::sort(chosen.begin(), chosen.end());
  }
  std::string text;
  for (const auto& name : chosen) {
    const auto found = project.services.find(name);
    if (found == project.services.end()) {
      throw base::Error(base::ExitCode::usage, fmt::format("no such service: {}", name),
                        document::nearest_hint(name, names, "see 'fresh-clone config --services'"));
    }
    text += fmt::format("{} {}\n", name, compose::service_hash(found->second, project));
  }
  return text;
}

document::Node as_tree(const std::map<std::string, compose::VariableUse>& variables) {
  document::Node root = compose::map_value({});
  for (const auto& [name, use] : variables) {
    document::Node one = compose::map_value({});
    compose::set(one, "DefaultValue", compose::text_value(use.fallback, {}));
    compose::set(one, "Name", compose::text_value(name, {}));
    compose::set(one, "PresenceValue", compose::text_value(use.alternative, {}));
    compose::set(one, "Required", compose::boolean_value(use.required, {}));
    compose::set(root, name, std::move(one));
  }
  return root;
}

std::string variables_text(const std::map<std::string, compose::VariableUse>& variables, bool json) {
  if (json) {
    return compose::json_text(as_tree(variables));
  }
  std::size_t widest = 4;
  std::size_t widest_default = 13;
  for (const auto& [name, use] : variables) {
    widest = std::max(widest, name.size());
    widest_default = std::max(widest_default, use.fallback.size());
  }
  std::string text = fmt::format("{:<{}}  REQUIRED  {:<{}}  ALTERNATE VALUE\n", "NAME", widest,
                                 "DEFAULT VALUE", widest_default);
  for (const auto& [name, use] : variables) {
    text += fmt::format("{:<{}}  {:<8}  {:<{}}  {}\n", name, widest, use.required, use.fallback,
                        widest_default, use.alternative);
  }
  return text;
}

/// `--strict`: a key that has no effect on some engine is an error.
void refuse_ignored(const compose::LoadRequest& request) {
  for (const auto& notice : compose::key_notices(compose::load(request), std::nullopt)) {
    if (notice.support == compose::Support::ignored) {
      document::refuse(notice.place, notice.text, "remove the key, or leave --strict out");
    }
  }
}

std::string model_text(const document::Node& root, const ConfigRequest& request, compose::Dollars dollars) {
  return request.json ? compose::json_text(root, dollars) : compose::yaml_text(root, dollars);
}

/// `is_named`: by fresh-clone.yaml or -p, not by a compose file or its folder.
ConfigText shown(const compose::LoadRequest& loading, const ConfigRequest& request, bool is_named) {
  if (request.show == Show::variables || !request.interpolate) {
    compose::LoadRequest as_written = loading;
    as_written.interpolate = false;
    if (!is_named) {
      as_written.project_name.clear();  // the name as it is written, too
    }
    const auto root = compose::load_untyped(as_written);
    return {.text = request.show == Show::variables
                        ? variables_text(compose::variables_of(root), request.json)
                        : model_text(root, request, compose::Dollars::kept),
            .warnings = {}};
  }
  if (request.show == Show::hash) {
    return {.text = hashes(compose::load(loading), request.hash), .warnings = {}};
  }
  compose::Model model = compose::load_model(loading);
  ConfigText result{.text = {}, .warnings = model.warnings};
  if (request.show == Show::profiles) {
    result.text = lines(compose::profiles_of(model));
    return result;
  }
  if (request.strict) {
    refuse_ignored(loading);
  }
  const auto print = request.json ? compose::Print::json : compose::Print::yaml;
  const auto root = compose::shown_config(std::move(model), request.services, print);
  switch (request.show) {
    case Show::services:
      result.text = lines(keys(root, "services"));
      break;
    case Show::volumes:
      result.text = lines(keys(root, "volumes"));
      break;
    case Show::networks:
      result.text = lines(keys(root, "networks"));
      break;
    case Show::images:
      result.text = lines(compose::images_of(root));
      break;
    default:
      result.text = model_text(root, request, compose::Dollars::doubled);
  }
  return result;
}

}  // namespace

ConfigText config_text(const ProjectSpec& project, const Surroundings& surroundings,
                       const ConfigRequest& request) {
  compose::LoadRequest loading = stack_request(project, surroundings, day_seed, {});
  loading.may_be_empty = true;
  loading.materials = request.show == Show::hash;
  loading.all_must_exist = request.show != Show::hash;
  loading.service_files = request.show == Show::model || request.show == Show::hash;
  std::vector<std::string> secrets;
  for (const auto& name : project.credentials) {
    std::string& value = loading.environment.at(variable_of(name));
    secrets.push_back(value);
    // Hidden before it is printed: what hides it must be written as the text that it is.
    if (request.show != Show::hash) {
      value = "***";
    }
  }
  const bool is_named = project.declared || !surroundings.compose.project_name.empty();
  ConfigText result = shown(loading, request, is_named);
  result.text = trust::Redactor(secrets).redact(result.text);
  return result;
}

}  // namespace fresh::pipeline
