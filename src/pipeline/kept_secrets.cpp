#include "pipeline/kept_secrets.h"

#include "base/doing.h"
#include "pipeline/compose_project.h"
#include "pipeline/stack.h"
#include "pipeline/vault_stack.h"
#include "trust/redact.h"

#include <utility>

namespace fresh::pipeline {

std::vector<std::string> kept_secrets(const ProjectSpec& project, const Surroundings& surroundings) {
  auto secrets = trust::kept_values(credentials_folder(surroundings), project.credentials);
  if (project.vault) {
    const auto keys = key_file_of(project, surroundings).secrets();
    secrets.insert(secrets.end(), keys.begin(), keys.end());
  }
  return secrets;
}

base::Error without_secrets(const base::Error& error, const Surroundings& surroundings) {
  try {
    Surroundings own = surroundings;
    const ProjectSpec project = load_day_project(own);
    const trust::Redactor redactor(kept_secrets(project, own));
    base::DoingStack doing = error.doing();
    for (auto& intent : doing) {
      intent = redactor.redact(intent);
    }
    const base::Doing::Inherit intents(std::move(doing));
    return base::Error(error.code(), redactor.redact(error.message()), redactor.redact(error.hint()));
  } catch (const base::Error&) {
    return error;
  }
}

}  // namespace fresh::pipeline
