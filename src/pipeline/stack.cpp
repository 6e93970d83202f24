#include "pipeline/stack.h"

#include "base/error.h"
#include "compose/load.h"
#include "document/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;

/// Reads files as compose::load does, but a credential that is declared and not yet generated reads as a
/// placeholder: a look at the stack must not generate secrets.
compose::ReadFile reader_of(const ProjectSpec& project, const Surroundings& surroundings) {
  return [folder = credentials_folder(surroundings), names = project.credentials,
          read = reader_of_files(surroundings)](const std::filesystem::path& path) {
    auto content = read(path);
    const bool declared = path.parent_path().lexically_normal() == folder.lexically_normal() &&
                          std::find(names.begin(), names.end(), path.filename().string()) != names.end();
    return content || !declared ? content : std::optional<std::string>("(not generated yet)");
  };
}

[[noreturn]] void unknown_service(const std::string& where, const ServiceName& service,
                                  const std::set<std::string>& known) {
  document::refuse(
      service.place,
      fmt::format("{} names the service '{}', which the stack does not have", where, service.name),
      document::nearest_hint(service.name, {known.begin(), known.end()},
                             fmt::format("the stack has {}", fmt::join(known, ", "))));
}

}  // namespace

compose::ReadFile reader_of_files(const Surroundings& surroundings) {
  return [input = surroundings.compose.input](const std::filesystem::path& path) {
    return input && path.filename() == compose::standard_input ? input : compose::read_from_disk(path);
  };
}

std::filesystem::path credentials_folder(const Surroundings& surroundings) {
  return surroundings.state_folder() / "credentials";
}

std::string variable_of(std::string credential) {
  for (char& letter : credential) {
    letter = letter == '-' || letter == '.'
                 ? '_'
                 : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return credential;
}

std::vector<trust::Credential> ensure_project_credentials(const ProjectSpec& project,
                                                          const Surroundings& surroundings) {
  return trust::ensure_credentials(credentials_folder(surroundings), project.credentials);
}

std::map<std::string, std::string> stack_variables(const ProjectSpec& project,
                                                   const Surroundings& surroundings, std::int64_t seed) {
  std::map<std::string, std::string> variables = surroundings.variables;
  for (const auto& [name, value] : project.environment.variables) {
    variables[name] = value;
  }
  const auto read = reader_of(project, surroundings);
  for (const auto& name : project.credentials) {
    std::string value = read(credentials_folder(surroundings) / name).value_or("");
    while (value.ends_with('\n') || value.ends_with('\r')) {
      value.pop_back();
    }
    variables[variable_of(name)] = value;
  }
  if (project.declared) {
    variables["DEMO_SEED"] = std::to_string(seed);
  }
  return variables;
}

std::filesystem::path working_folder(const ProjectSpec& project, const Surroundings& surroundings) {
  const auto& named = surroundings.compose.project_directory;
  return named.empty() ? project.stack.files.front().parent_path() : named;
}

compose::LoadRequest stack_request(const ProjectSpec& project, const Surroundings& surroundings,
                                   std::int64_t seed, const std::vector<std::string>& profiles) {
  if (project.stack.files.empty()) {
    throw Error(ExitCode::precheck, "this project has no stack",
                fmt::format("add 'stack: {{files: [compose.yaml]}}' to {}", project_file));
  }
  const auto& flags = surroundings.compose;
  std::vector<std::string> active = flags.profiles;
  active.insert(active.end(), profiles.begin(), profiles.end());
  return {.files = project.stack.files,
          .project_name = project.name,
          .working_folder = working_folder(project, surroundings),
          .environment = stack_variables(project, surroundings, seed),
          .env_files = flags.env_files,
          .profiles = active,
          .overlay = surroundings.environment.value_or(""),
          .shown_below = project.folder,
          .read = reader_of(project, surroundings),
          .documents = project.stack.documents};
}

compose::Project load_stack_model(const ProjectSpec& project, const Surroundings& surroundings,
                                  std::int64_t seed, const std::vector<std::string>& profiles) {
  return compose::load(stack_request(project, surroundings, seed, profiles));
}

compose::Project load_stack_with_seeder(const ProjectSpec& project, const Surroundings& surroundings,
                                        std::int64_t seed) {
  const auto everything = load_stack_model(project, surroundings, seed, {"*"});
  const auto seeder = everything.services.find(project.seed->service);
  if (seeder == everything.services.end()) {
    std::set<std::string> known;
    for (const auto& [name, service] : everything.services) {
      known.insert(name);
    }
    unknown_service("'seed.service'", {project.seed->service, project.seed->place}, known);
  }
  return load_stack_model(project, surroundings, seed, seeder->second.profiles);
}

std::map<std::string, compose::GateSetting> gate_settings(const ProjectSpec& project) {
  std::map<std::string, compose::GateSetting> settings;
  for (const auto& [service, health] : project.stack.health) {
    settings[service] = {.timeout = health.timeout, .consecutive = health.consecutive};
  }
  return settings;
}

void check_stack_names(const ProjectSpec& project, const compose::Project& stack) {
  std::set<std::string> known(stack.inactive.begin(), stack.inactive.end());
  for (const auto& [name, service] : stack.services) {
    known.insert(name);
  }
  const auto check = [&](const std::string& where, const ServiceName& service) {
    if (!known.contains(service.name)) {
      unknown_service(where, service, known);
    }
  };
  for (const auto& phase : project.stack.phases) {
    for (const auto& service : phase.services) {
      check(fmt::format("'stack.phases.{}'", phase.name), service);
    }
  }
  for (const auto& [service, health] : project.stack.health) {
    check("'stack.health'", {service, health.place});
  }
  if (project.vault) {
    check("'vault.service'", {project.vault->service, project.vault->place});
  }
  for (const auto& contract : project.contracts) {
    check("'contracts'", {contract.service, contract.place});
  }
}

}  // namespace fresh::pipeline
