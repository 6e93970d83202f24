#pragma once

#include <map>
#include <string>
#include <vector>

namespace fresh::images {

/// Something from outside that an instruction names.
struct OutsideUse {
  std::string name;
  int line = 0;
};

/// What the steps of a Dockerfile need beside the files of its context.
struct DockerfileUse {
  std::vector<OutsideUse>
      images;  ///< of FROM, COPY --from and RUN --mount=from, without stages and `scratch`
  std::vector<OutsideUse> secrets;  ///< ids of RUN --mount=type=secret
  std::vector<OutsideUse> ssh;      ///< ids of RUN --mount=type=ssh
  bool has_healthcheck = false;
};

/// Reads what a Dockerfile names (Dockerfile reference), each name once, in order. FROM is read with
/// `arguments` in place of the defaults of the ARG lines above it; an image whose name holds a variable that
/// nobody sets is left out.
DockerfileUse dockerfile_use(const std::string& text, const std::map<std::string, std::string>& arguments);

}  // namespace fresh::images
