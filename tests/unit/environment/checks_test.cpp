#include "base/file.h"
#include "environment/port.h"
#include "environment/tools.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <limits>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fresh::environment {
namespace {

/// A listener on a port of 127.0.0.1 that the system chooses.
class Listener {
 public:
  Listener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(descriptor_, 1), 0);
    EXPECT_EQ(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(descriptor_); }
  std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

TEST(CheckPort, ATakenPortNamesItsHolder) {
  const Listener listener;
  const Check check = check_port_free(listener.port(), "127.0.0.1");
  EXPECT_FALSE(check.ok);
  EXPECT_EQ(check.id, "port:127.0.0.1:" + std::to_string(listener.port()));
  EXPECT_NE(check.found.find("PID " + std::to_string(::getpid())), std::string::npos) << check.found;
  EXPECT_FALSE(check.remedy.empty());
  EXPECT_FALSE(check_port_free(listener.port()).ok) << "all addresses include the one that is taken";
}

TEST(CheckPort, AFreePortIsFree) {
  std::uint16_t port = 0;
  {
    const Listener listener;
    port = listener.port();
  }
  const Check check = check_port_free(port, "127.0.0.1");
  EXPECT_TRUE(check.ok) << check.found;
  EXPECT_TRUE(check.remedy.empty());
}

TEST(CheckPort, AnAddressOfAnotherHostIsRefused) {
  EXPECT_FALSE(check_port_free(1, "192.0.2.1").ok);
  EXPECT_FALSE(check_port_free(8080, "localhost-by-name").ok);
}

TEST(ListeningInode, ReadsTheKernelsTable) {
  constexpr const char* table =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:4706 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 111 1 0 "
      "100 0\n"
      "   1: 00000000:4706 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0 "
      "100 0\n";
  EXPECT_EQ(listening_inode(table, 0x4706), "222");
  EXPECT_FALSE(listening_inode(table, 80));
  EXPECT_FALSE(listening_inode("", 80));
  EXPECT_FALSE(listening_inode("header\n1: broken", 80));
}

TEST(CheckTools, FindsWhatIsThereAndTellsHowToGetTheRest) {
  const auto checks =
      check_tools({{.name = "sh", .why = "tests", .debian_package = "dash", .ask_version = false},
                   {.name = "no-such-program-7", .why = "tests", .debian_package = "no-such"}},
                  {});
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_TRUE(checks[0].ok);
  EXPECT_EQ(checks[1].found, "not installed");
  EXPECT_EQ(checks[1].expected, "'no-such-program-7' on PATH, for tests");
  EXPECT_EQ(checks[1].remedy, "apt-get install no-such");
  ASSERT_EQ(failed(checks).size(), 1U);
  EXPECT_EQ(failed(checks)[0].id, "tool:no-such-program-7");
}

TEST(CheckDisk, ComparesTheFreeSpaceOfTheNearestFolder) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(check_disk(folder.path() / "not/yet", 1).ok);
  const Check check = check_disk(folder.path(), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.remedy.find("free "), std::string::npos);
}

TEST(CheckWritable, AFileInTheWayIsSaid) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(check_writable(folder.path() / "exports/run").ok);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "exports")) << "a check makes nothing";
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  base::write_file_atomic(folder.path() / "exports", "in the way");
  const Check check = check_writable(folder.path() / "exports");
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.remedy.find("move '"), std::string::npos);
}

TEST(CheckWritable, AFolderWithoutPermissionIsSaid) {
  // Root may write anywhere but where the kernel itself refuses.
  const Check check = check_writable("/proc/fresh-clone");
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.found.find("cannot write"), std::string::npos);
}

}  // namespace
}  // namespace fresh::environment
