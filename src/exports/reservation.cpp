#include "exports/reservation.h"

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace fresh::exports {

Reservation::Reservation(const std::filesystem::path& folder, std::int64_t bytes)
    : file_(folder / file_name) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return;
  }
  ::posix_fallocate(descriptor, 0, bytes);
  ::close(descriptor);
}

void Reservation::release() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace fresh::exports
