using System.IO.Compression;
using System.Text;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public sealed class ForeignModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string MessageOf(byte[] contents)
    {
        string path = _folder["model"];
        File.WriteAllBytes(path, contents);
        string message = Assert.Throws<InputException>(() => SafeTensors.Read(path)).Message;
        Assert.StartsWith($"{path}: ", message);
        Assert.DoesNotContain('\n', message);
        return message[(path.Length + 2)..];
    }

    private static byte[] Zip(string entry)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream contents = archive.CreateEntry(entry).Open();
            contents.Write(new byte[100]);
        }
        return bytes.ToArray();
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n", "is a pointer of Git LFS")]
    [InlineData("{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\"0.weight\": \"model-00001-of-00002.safetensors\"}}",
        "is an index of shards")]
    [InlineData("\n{\"architectures\": []}", "is a JSON file")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    [InlineData("GGUF\u0003\0\0\0\0\0\0\0", "is a GGUF file")]
    [InlineData("neither one nor the other", "not a valid safetensors file: the header is said to have ")]
    public void A_file_of_text_is_named(string text, string expected) =>
        Assert.StartsWith(expected, MessageOf(Encoding.ASCII.GetBytes(text)));

    [Theory]
    // The magic number and the protocol version with which PyTorch before 1.6 begins.
    [InlineData("80028A0A6CFC9C46F9206AA850192E80024DE9032E", "is a pickle of Python")]
    [InlineData("894844460D0A1A0A0000000000080800", "is an HDF5 file")]
    [InlineData("934E554D5059010076007B27646573637227", "is a NumPy file")]
    // ir_version: 8, producer_name: "pytorch".
    [InlineData("080812077079746F7263681A05322E302E30", "is probably an ONNX file")]
    [InlineData("1F8B08000000000000034BCD4B51C84F5348", "is compressed with gzip")]
    public void A_file_of_bytes_is_named(string hexadecimal, string expected) =>
        Assert.StartsWith(expected, MessageOf(Convert.FromHexString(hexadecimal)));

    [Theory]
    [InlineData("archive/data.pkl", "is a PyTorch file, where safetensors is expected; convert it in Python: import torch; ")]
    [InlineData("model/.format_version", "is a PyTorch file")]
    [InlineData("arr_0.npy", "is a NumPy archive")]
    [InlineData("metadata.json", "is a Keras file")]
    [InlineData("holiday.jpg", "is a ZIP archive")]
    public void An_archive_is_named_by_what_it_holds(string entry, string expected) =>
        Assert.StartsWith(expected, MessageOf(Zip(entry)));
}
