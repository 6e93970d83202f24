#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace fresh::state {

/// One run as the ledger knows it. Times are RFC 3339 text, given by the caller. `ended` is empty while the
/// run is going on, and stays so when its process died.
struct RunRecord {
  std::string id = {};
  std::string project = {};
  std::string commit = {};  ///< full object name; empty outside a repository
  bool dirty = false;
  std::int64_t seed = 0;
  std::string mode = {};    ///< `strict` or `no-reset`
  std::string result = {};  ///< `RUNNING`, `PASS`, `FAIL` or `DIED`
  std::string failed_gate = {};
  int exit_code = 0;
  std::string started = {};
  std::string ended = {};
  std::string fingerprint = {};  ///< of the results; empty when the run did not get there
  std::string grade = {};
  std::string engine = {};  ///< `podman 4.3.1`

  bool operator==(const RunRecord&) const = default;
};

/// What a gate of a run came to.
struct GateRecord {
  std::string gate = {};    ///< `G4_BUILD`
  std::string result = {};  ///< `passed`, `failed`, `skipped` or `not_reached`
  std::chrono::milliseconds took{0};
  std::string reason = {};

  bool operator==(const GateRecord&) const = default;
};

/// An image as a run found or made it.
struct ImageRecord {
  std::string name = {};
  std::string id = {};          ///< the engine's image id, `sha256:...`
  std::string digest = {};      ///< the manifest digest; empty for images that were never in a registry
  std::string source = {};      ///< `built`, `cached`, `pulled`, `present`
  std::string inputs_key = {};  ///< hash of all that went in; empty for pulled images
  std::vector<std::string> layers =
      {};  ///< diff ids, bottom first; for images.json, the ledger does not keep them

  bool operator==(const ImageRecord&) const = default;
};

/// Which runs may be compared (gate G9): same commit, seed and mode, and the same profile
/// of the stack, because another profile runs other services.
struct BaselineKey {
  std::string commit = {};
  std::int64_t seed = 0;
  std::string mode = {};
  std::string profile = {};  ///< `default`, `dev`, `staging`, `prod`

  bool operator==(const BaselineKey&) const = default;
};

/// The results that later runs of the same key must equal.
struct Baseline {
  BaselineKey key = {};
  std::string fingerprint = {};
  std::string document = {};  ///< the leaves of the fingerprint, JSON text; the ledger does not look inside
  std::string run = {};
  std::string recorded_at = {};

  bool operator==(const Baseline&) const = default;
};

}  // namespace fresh::state
