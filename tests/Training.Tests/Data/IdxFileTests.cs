using CsCheck;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(byte[] bytes, string name = "file")
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private static string MessageOf(Action action)
    {
        string message = Assert.Throws<InputException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static IdxFile OpenImages(string path) => IdxFile.OpenImages(DataSource.OfFile(path));

    private static void ReadImages(string path)
    {
        using IdxFile file = OpenImages(path);
        file.Read();
    }

    private string ImagesMessage(byte[] bytes) => MessageOf(() => ReadImages(Write(bytes)));

    private byte[] ValuesOf(byte[] bytes)
    {
        using IdxFile file = OpenImages(Write(bytes));
        return file.Read().Values;
    }

    [Fact]
    public void What_was_written_is_read_back_plain_and_compressed()
    {
        var sizes = Gen.Select(Gen.Int[1, 20], Gen.Int[1, 9], Gen.Int[1, 9]);
        sizes.SelectMany(size => Gen.Byte.Array[size.Item1 * size.Item2 * size.Item3].Select(pixels => (size, pixels))).Sample(
            sample =>
            {
                var ((count, height, width), pixels) = sample;
                byte[] bytes = IdxBytes.Images(count, height, width, pixels);
                foreach (byte[] contents in new[] { bytes, IdxBytes.Gzip(bytes) })
                {
                    using IdxFile file = OpenImages(Write(contents));
                    Assert.Equal([count, height, width], file.Dimensions);
                    Assert.Equal(bytes.Length, file.Bytes);
                    var (values, md5) = file.Read();
                    Assert.Equal(pixels, values);
                    Assert.Equal(Md5Sum.Of(bytes), md5);
                }
            }, iter: 50, threads: 1);
    }

    [Fact]
    public void A_file_that_compresses_extremely_well_is_read_whole()
    {
        byte[] zeros = IdxBytes.Images(1000, 100, 100, new byte[10_000_000]);
        Assert.Equal(10_000_000, ValuesOf(IdxBytes.Gzip(zeros)).Length);
    }

    [Fact]
    public void Md5_is_that_of_the_standard()
    {
        // RFC 1321, appendix A.5.
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", Md5Sum.Of("abc"u8));
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", Md5Sum.Of("a"u8, "bc"u8));
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] bytes = IdxBytes.Images(2, 3, 4);
        for (int length = 0; length < bytes.Length; length++)
        {
            ImagesMessage(bytes[..length]);
            ImagesMessage(IdxBytes.Gzip(bytes[..length]));
        }
    }

    [Fact]
    public void Every_truncation_of_compressed_data_is_refused()
    {
        var pixels = new byte[600];
        new Random(1).NextBytes(pixels);
        byte[] compressed = IdxBytes.Gzip(IdxBytes.Images(6, 10, 10, pixels));
        for (int length = 0; length < compressed.Length; length++)
            ImagesMessage(compressed[..length]);
    }

    [Fact]
    public void Every_flipped_bit_of_the_checksum_and_of_the_length_is_refused()
    {
        byte[] compressed = IdxBytes.Gzip(IdxBytes.Images(2, 3, 4));
        for (int bit = 0; bit < 8 * 8; bit++)
        {
            byte[] damaged = [.. compressed];
            damaged[^(1 + bit / 8)] ^= (byte)(1 << bit % 8);
            Assert.Contains("the gzip data is damaged", ImagesMessage(damaged));
        }
    }

    [Fact]
    public void Members_one_after_the_other_are_one_file_and_each_of_their_ends_is_needed()
    {
        byte[] bytes = IdxBytes.Images(6, 10, 10);
        byte[] first = IdxBytes.Gzip(bytes[..77]), second = IdxBytes.Gzip(bytes[77..]);
        Assert.Equal(bytes[16..], ValuesOf([.. first, .. second]));
        Assert.Equal(bytes[16..], ValuesOf([.. first, .. second, .. IdxBytes.Gzip([])]));
        for (int length = first.Length; length < first.Length + second.Length; length++)
            ImagesMessage([.. first, .. second[..(length - first.Length)]]);
        for (int length = 1; length <= 8; length++)
            ImagesMessage([.. first[..^length], .. second]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(300_000)]
    public void What_follows_compressed_data_is_refused(int count)
    {
        byte[] compressed = IdxBytes.Gzip(IdxBytes.Images(2, 3, 4));
        Assert.Contains("followed by something else", ImagesMessage([.. compressed, .. new byte[count]]));
        Assert.Contains("followed by something else", ImagesMessage([.. compressed, .. Enumerable.Repeat((byte)0x1F, count)]));
    }

    [Fact]
    public void A_stored_block_that_is_cut_off_is_refused()
    {
        // The values lie in the file as they are: no code of the compression is damaged by a cut.
        byte[] bytes = IdxBytes.Images(60, 10, 10);
        using var stored = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(stored, System.IO.Compression.CompressionLevel.NoCompression))
            gzip.Write(bytes);
        Assert.Equal(bytes[16..], ValuesOf(stored.ToArray()));
        for (int missing = 1; missing < 100; missing++)
            ImagesMessage(stored.ToArray()[..^missing]);
    }

    [Fact]
    public void Any_damaged_byte_of_compressed_data_is_refused_or_harmless()
    {
        byte[] bytes = IdxBytes.Images(6, 10, 10);
        byte[] compressed = IdxBytes.Gzip(bytes);
        for (int i = 0; i < compressed.Length; i++)
        {
            byte[] damaged = [.. compressed];
            damaged[i] ^= 0x55;
            try
            {
                // Some bytes of the header, such as the time, carry nothing that matters.
                Assert.Equal(bytes[16..], ValuesOf(damaged));
            }
            catch (InputException error)
            {
                Assert.StartsWith(_folder["file"], error.Message);
            }
        }
    }

    [Fact]
    public void A_short_file_is_told_with_both_lengths()
    {
        byte[] bytes = IdxBytes.Images(60_000, 28, 28, new byte[1008]);
        Assert.Equal(
            $"{_folder["file"]}: 1,024 bytes where the header promises 47,040,016; download the file again",
            ImagesMessage(bytes));
        Assert.Equal(
            $"{_folder["file"]}: 1,024 bytes after decompression where the header promises 47,040,016; download the file again",
            ImagesMessage(IdxBytes.Gzip(bytes)));
    }

    [Fact]
    public void Bytes_after_the_end_are_refused()
    {
        byte[] bytes = [.. IdxBytes.Images(2, 3, 4), 0];
        Assert.Contains("41 bytes where the header promises 40", ImagesMessage(bytes));
        Assert.Contains("more bytes after decompression than the 40", ImagesMessage(IdxBytes.Gzip(bytes)));
    }

    [Fact]
    public void A_header_that_lies_hugely_is_refused_without_memory_for_it()
    {
        byte[] bytes = IdxBytes.Gzip(IdxBytes.Images(2_000_000, 32, 32, [1]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("where the header promises 2,048,000,016", ImagesMessage(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Dimensions_beyond_any_memory_are_refused()
    {
        byte[] bytes = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255];
        Assert.Contains("79,228,162,458,924,105,385,300,197,375 bytes of values", ImagesMessage(bytes));
    }

    [Theory]
    [InlineData(0, 28, 28, 1)]
    [InlineData(5, 0, 28, 2)]
    [InlineData(5, 28, 0, 3)]
    public void A_dimension_of_zero_is_refused(int count, int height, int width, int dimension) =>
        Assert.Contains(
            $"size 0 for dimension {dimension} of 3", ImagesMessage(IdxBytes.Images(count, height, width, [])));

    [Fact]
    public void Swapped_images_and_labels_are_named()
    {
        Assert.Contains(
            "an IDX file of labels (magic number 0x00000801) where images (magic number 0x00000803) are expected",
            ImagesMessage(IdxBytes.Labels(1, 2, 3, 4, 5, 6, 7, 8, 9)));
        Assert.Contains(
            "an IDX file of images (magic number 0x00000803) where labels",
            MessageOf(() => IdxFile.OpenLabels(DataSource.OfFile(Write(IdxBytes.Images(2, 3, 4))))));
    }

    [Theory]
    [InlineData(0x0B, "16-bit integers")]
    [InlineData(0x0C, "32-bit integers")]
    [InlineData(0x0D, "32-bit floats")]
    [InlineData(0x77, "unknown type 0x77")]
    public void Another_type_of_IDX_file_is_named(byte type, string name)
    {
        byte[] bytes = IdxBytes.Images(2, 3, 4);
        bytes[2] = type;
        Assert.Contains($"an IDX file of {name} with 3 dimensions", ImagesMessage(bytes));
    }

    [Fact]
    public void A_pointer_of_Git_LFS_is_named_with_what_to_do() => Assert.EndsWith(
        "file: is a pointer of Git LFS, not the data itself; fetch it with git lfs pull",
        ImagesMessage("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9912422\n"u8.ToArray()));

    [Fact]
    public void A_web_page_in_place_of_a_file_is_no_IDX_file() =>
        Assert.Contains("not an IDX file: it begins with 3C 68 74 6D", ImagesMessage("<html>Not found</html>"u8.ToArray()));

    [Fact]
    public void An_empty_file_is_refused() => Assert.Contains("the file is empty", ImagesMessage([]));

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Contains("there is no such file", MessageOf(() => ReadImages(_folder["absent"])));

    [Fact]
    public void A_folder_in_place_of_a_file_is_refused() =>
        Assert.Contains("is a folder where a file is expected", MessageOf(() => ReadImages(_folder.Path)));

    [SkippableFact]
    public void A_file_without_permission_to_read_is_refused()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes");
        Skip.If(Environment.IsPrivilegedProcess, "a privileged user may read every file");
        string path = Write(IdxBytes.Images(2, 3, 4));
#pragma warning disable CA1416 // Skipped on Windows above.
        File.SetUnixFileMode(path, UnixFileMode.None);
#pragma warning restore CA1416
        Assert.Contains("no permission to read the file", MessageOf(() => ReadImages(path)));
    }
}
