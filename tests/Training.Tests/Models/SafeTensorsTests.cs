using System.Buffers.Binary;
using System.Text;
using CsCheck;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static NamedTensor Tensor(string name, int[] shape, params float[] values) => new(name, shape, values);

    /// <summary>A file made by hand: the length of the header, the header, the data.</summary>
    private string Make(string header, byte[]? data = null, long? headerLength = null)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, headerLength ?? Encoding.UTF8.GetByteCount(header));
        string path = _folder[$"{Guid.NewGuid():N}.safetensors"];
        File.WriteAllBytes(path, [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data ?? []]);
        return path;
    }

    private static string ProblemOf(string path)
    {
        string message = Assert.Throws<InputException>(() => SafeTensors.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Fact]
    public void A_file_is_written_byte_for_byte_as_the_format_says()
    {
        SafeTensors.Write(_folder["a"], new TensorFile(
            new Dictionary<string, string> { ["model"] = "a > b" },
            [Tensor("0.weight", [2, 1], 1, -2), Tensor("0.bias", [1], 0.5f)]));

        string header =
            """{"__metadata__":{"model":"a > b"},"0.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,""" +
            """8]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected =
        [
            (byte)header.Length, 0, 0, 0, 0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(header),
            0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f,
        ];
        Assert.Equal(expected, File.ReadAllBytes(_folder["a"]));
        Assert.Equal(["a"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_made_by_hand_is_read()
    {
        string path = Make(
            """{"b":{"data_offsets":[4,8],"shape":[],"dtype":"F32","note":1},"a":{"dtype":"F32","shape":[1,1],""" +
            """ "data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,5],"data_offsets":[8,8]}}   """,
            [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1]);
        TensorFile file = SafeTensors.Read(path);
        Assert.Empty(file.Metadata);
        Assert.Equal(["b", "a", "e"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([-10f], file.Tensors[0].Values.ToArray());
        Assert.Empty(file.Tensors[0].Shape);
        Assert.Equal([1f], file.Tensors[1].Values.ToArray());
        Assert.Equal([1, 1], file.Tensors[1].Shape);
        Assert.True(file.Tensors[2].Values.IsEmpty);
    }

    [Theory]
    [InlineData("""{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData(" \t\r\n{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} \n")]
    public void What_the_reference_implementation_accepts_is_read(string header)
    {
        TensorFile file = SafeTensors.Read(Make(header, [0, 0, 0x80, 0x3f]));
        Assert.Empty(file.Metadata);
        Assert.Equal([1f], Assert.Single(file.Tensors).Values.ToArray());
    }

    [Fact]
    public void A_header_that_is_no_UTF_8_is_refused()
    {
        string path = Make("""{"a?":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", [0, 0, 0, 0]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("not Unicode text in UTF-8", ProblemOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_floating_point_types_are_converted()
    {
        string path = Make(
            """{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[1],"data_offsets":[8,10]},""" +
            """ "b":{"dtype":"BF16","shape":[2],"data_offsets":[10,14]}}""",
            [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x00, 0xc5, 0x80, 0x3f, 0x40, 0xc0]);
        Assert.Equal([1.5f, -5f, 1f, -3f], SafeTensors.Read(path).Tensors.SelectMany(tensor => tensor.Values.ToArray()));
    }

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit() =>
        Gen.Select(Gen.Single.Array[1, 20], Gen.String).Sample((values, text) =>
        {
            string path = _folder[$"{Guid.NewGuid():N}"];
            SafeTensors.Write(path, new TensorFile(
                new Dictionary<string, string> { ["text"] = new(text.Where(c => !char.IsSurrogate(c)).ToArray()) },
                [Tensor("x", [values.Length], values), Tensor("y", [1, values.Length], values)]));
            TensorFile file = SafeTensors.Read(path);
            Assert.Equal(new string([.. text.Where(c => !char.IsSurrogate(c))]), file.Metadata["text"]);
            foreach (NamedTensor tensor in file.Tensors)
            {
                Assert.Equal(values.Select(BitConverter.SingleToInt32Bits),
                    tensor.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
            }
        }, iter: 200);

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        Assert.Contains("there is no such file", ProblemOf(_folder["none"]), StringComparison.Ordinal);
        Assert.Contains("is a folder where a file is expected", ProblemOf(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_shorter_than_its_prefix_is_refused()
    {
        File.WriteAllBytes(_folder["short"], [1, 2, 3]);
        Assert.Contains("3 bytes", ProblemOf(_folder["short"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void A_header_longer_than_the_file_is_refused_before_anything_is_allocated(long length) =>
        Assert.Contains("only 10 follow", ProblemOf(Make("{        }", headerLength: length)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "the header is empty")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("\0{}", "the header cannot be read as JSON at line 1")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "one half of a surrogate pair")]
    [InlineData("""{"a":{"dtype":"\udc00","shape":[1],"data_offsets":[0,4]}}""", "one half of a surrogate pair")]
    [InlineData("""{"__metadata__":{"k":"\udc00\ud800"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "one half of a surrogate pair")]
    [InlineData("""{"__metadata__":{"\ud800":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "one half of a surrogate pair")]
    [InlineData("{\"a\":", "the header cannot be read as JSON at line 1")]
    [InlineData("{\"a\":{},\"a\":{}}", "a appears twice in the header")]
    [InlineData("{\"a\":7}", "tensor a is described by no object")]
    [InlineData("{\"__metadata__\":[]}", "__metadata__ is no object")]
    [InlineData("{\"__metadata__\":{\"k\":1}}", "__metadata__: k is no text")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "tensor a has no dtype")]
    [InlineData("""{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", "tensor a has the dtype I32")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "tensor a has no list shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "shape holds -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "shape holds 1.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296],"data_offsets":[0,4]}}""", "too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "tensor a has no list data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "data_offsets must be two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":["0",4]}}""", "data_offsets holds \"0\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "do not lie in")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "do not lie in")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "4 bytes do not fit F32 [2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647,4],"data_offsets":[0,4]}}""",
        "4 bytes do not fit")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""", "begins at byte 2")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}""", "2 bytes at the end belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""",
        "begins at byte 2")]
    [InlineData("{}", "4 bytes at the end belong to no tensor")]
    public void A_damaged_header_is_refused_with_what_is_wrong(string header, string problem) =>
        Assert.Contains(problem, ProblemOf(Make(header, [0, 0, 0, 0])), StringComparison.Ordinal);

    [Fact]
    public void Every_truncation_of_a_good_file_is_refused()
    {
        SafeTensors.Write(_folder["good"], new TensorFile(new Dictionary<string, string>(), [Tensor("x", [3], 1, 2, 3)]));
        byte[] good = File.ReadAllBytes(_folder["good"]);
        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], good[..length]);
            ProblemOf(_folder["cut"]);
        }
    }

    [Fact]
    public void Values_that_do_not_fill_their_shape_are_not_written() =>
        Assert.Throws<ArgumentException>(() =>
            SafeTensors.Write(_folder["x"], new TensorFile(new Dictionary<string, string>(), [Tensor("x", [2, 2], 1, 2, 3)])));
}
