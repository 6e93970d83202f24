#pragma once

#include "base/file.h"
#include "base/task_group.h"

#include <string>

namespace fresh::test {

/// Debian's docker-registry on the loopback of the shared engine's network namespace, for as long as the
/// object lives; it lets nobody in but `user` with `password`. Both engines speak plain HTTP to it.
class LocalRegistry {
 public:
  static constexpr const char* user = "bob";
  static constexpr const char* password = "s3cret-0f-bob";

  /// It answers when this returns. Throws with the command that installs what is missing.
  explicit LocalRegistry(int port);

  const std::string& host() const { return host_; }
  /// The status line and headers of a HEAD request; `credentials` are `user:password`.
  std::string ask(const std::string& path, const std::string& credentials = {}) const;
  /// The digest of a manifest; throws when the registry has none.
  std::string digest_of(const std::string& repository, const std::string& tag) const;

 private:
  std::string host_;
  base::TemporaryFolder folder_;
  base::TaskGroup group_;
};

}  // namespace fresh::test
