#pragma once

#include "base/error.h"
#include "engine/engine.h"
#include "engine/image_name.h"
#include "engine/types.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::engine {

/// What a credential helper answered: `docker-credential-NAME get` (docker-credential-helpers, protocol).
struct HelperAnswer {
  int exit_code = 0;
  bool timed_out = false;
  std::string out = {};  ///< holds the secret
};

/// All that the search for credentials depends on.
struct CredentialRequest {
  std::map<std::string, std::string> environment = {};
  unsigned uid = 0;
  /// The content of a file, nothing where there is none; throws base::Error for one that cannot be read.
  std::function<std::optional<std::string>(const std::string& path)> read_file = {};
  /// Runs the program `docker-credential-NAME get` with the server's name as its input, within the call;
  /// nothing when it is not installed. Throws base::Interrupted on a stop.
  std::function<std::optional<HelperAnswer>(const std::string& program, const std::string& server,
                                            const Call& call)>
      ask_helper = {};
};

/// The request for this process: these variables, its user, its files; a helper has thirty seconds, or what
/// the call has where that is less.
CredentialRequest credential_request_of_process(std::map<std::string, std::string> environment);

/// A file that may hold credentials.
struct CredentialFile {
  std::string path;
  bool must_exist = false;
  /// The other engine's: when it cannot be read, that stops nobody who gets in without it.
  bool is_others = false;
};

/// Where `docker login` and `podman login` keep them, in the order of the search: for Podman
/// REGISTRY_AUTH_FILE where it is set (on Podman alone: no other file counts then), else
/// XDG_RUNTIME_DIR/containers/auth.json (without the variable /run/containers/UID) and
/// XDG_CONFIG_HOME/containers/auth.json; for Docker DOCKER_CONFIG/config.json, else
/// ~/.docker/config.json. The files of the engine in use come first (containers-auth.json, docker login).
std::vector<CredentialFile> credential_files(const CredentialRequest& request, Flavor flavor);

/// What was found for an image.
struct FoundCredentials {
  std::optional<RegistryAuth> auth = {};
  /// Why a file of the other engine could not be read; only with no `auth`.
  std::optional<base::Error> passed_over = {};
};

/// Finds what a registry wants to know of the user. It is read anew each time, sent to the engine and never
/// kept, printed or logged.
class RegistryCredentials {
 public:
  /// Knows nothing: every registry is asked as nobody.
  RegistryCredentials() = default;
  RegistryCredentials(CredentialRequest request, Flavor flavor);

  /// The credentials for the repository of an image: in the first file that has some, those of its most exact
  /// key (`host/team/tool`, `host/team`, `host`). Throws base::Error (precheck) with place and remedy for a
  /// file that cannot be read or is broken, and for a helper that is missing, fails or hangs; those of the
  /// other engine are passed over. Throws base::Interrupted on a stop.
  FoundCredentials find(const std::string& reference, const Call& call) const;

  /// What helps when the registry of this image does not let us in with what was found.
  std::string remedy(const std::string& reference, const FoundCredentials& found) const;

 private:
  std::optional<RegistryAuth> find_in(const CredentialFile& file, const ImageName& image,
                                      const Call& call) const;

  CredentialRequest request_;
  Flavor flavor_ = Flavor::docker;
  std::vector<CredentialFile> files_;
};

}  // namespace fresh::engine
