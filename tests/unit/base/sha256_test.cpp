#include "base/sha256.h"

#include "base/error.h"
#include "base/file.h"

#include <gtest/gtest.h>

namespace fresh::base {
namespace {

// FIPS 180-4, examples.
TEST(Sha256, of_the_published_vectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, in_pieces_is_the_same) {
  EXPECT_EQ(Sha256().update("a").update("").update("bc").hex(), sha256_hex("abc"));
}

TEST(Sha256, fields_do_not_run_into_each_other) {
  EXPECT_EQ(Sha256().field("ab").field("").hex(), sha256_hex("2:ab0:"));
  EXPECT_NE(Sha256().field("ab").field("c").hex(), Sha256().field("a").field("bc").hex());
}

TEST(Sha256, of_a_file) {
  const TemporaryFolder folder;
  write_file_atomic(folder.path() / "big", std::string(1'000'000, 'a'));
  EXPECT_EQ(sha256_file(folder.path() / "big"), sha256_hex(std::string(1'000'000, 'a')));
  EXPECT_THROW(sha256_file(folder.path() / "none"), Error);
  EXPECT_THROW(sha256_file(folder.path()), Error);
}

}  // namespace
}  // namespace fresh::base
