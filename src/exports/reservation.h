#pragma once

#include <cstdint>
#include <filesystem>

namespace fresh::exports {

/// Room for the last words of a run: holds space in the run's folder from its begin, so that a file system
/// which fills up meanwhile still takes status.json. Best effort: a file system that cannot reserve has no
/// reservation.
class Reservation {
 public:
  /// Makes `<folder>/.reserved`.
  Reservation(const std::filesystem::path& folder, std::int64_t bytes);
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;
  ~Reservation() { release(); }

  /// Gives the space back; further calls do nothing.
  void release();

  static constexpr const char* file_name = ".reserved";

 private:
  std::filesystem::path file_;
};

}  // namespace fresh::exports
