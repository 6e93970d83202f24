#include "environment/spec.h"

namespace fresh::environment {

std::filesystem::path EnvironmentSpec::lock(Provider of) const {
  if (const auto found = locks.find(of); found != locks.end()) {
    return found->second;
  }
  return of == Provider::conda ? "environment.yml" : "requirements.lock";
}

std::string_view shown(Provider provider) {
  switch (provider) {
    case Provider::container:
      return "container";
    case Provider::uv:
      return "uv";
    case Provider::venv:
      return "venv";
    case Provider::conda:
      return "conda";
  }
  return "unknown";
}

}  // namespace fresh::environment
