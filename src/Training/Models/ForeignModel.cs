using System.Buffers.Binary;
using System.Text;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Models;

/// <summary>Recognises files that are given in place of a safetensors file, by how they begin.</summary>
internal static class ForeignModel
{
    /// <summary>As many bytes from the beginning as are looked at.</summary>
    public const int StartBytes = 4096;

    private const string SaveAgain = "save its tensors with safetensors in Python";

    /// <summary>What a file is and what to do with it, or null where it is nothing that is known.</summary>
    /// <param name="start">How the file begins: at least the bytes of a signature, and at most <see cref="StartBytes"/>.</param>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        if (GitLfs.IsPointer(start))
            return "is a pointer of Git LFS, not the model itself; fetch it with git lfs pull";
        if (start.StartsWith("PK\u0003\u0004"u8))
            return Archive(FirstEntry(start));
        // A pickle of protocol 2 or later.
        if (start is [0x80, >= 2 and <= 5, ..])
            return PyTorch("a pickle of Python, as PyTorch wrote them");
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A]))
            return $"is an HDF5 file, as Keras writes them; {SaveAgain}";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            return $"is a NumPy file; {SaveAgain}";
        if (start.StartsWith("GGUF"u8))
            return $"is a GGUF file; {SaveAgain}";
        // ONNX is a protocol buffer: field 1 is the version of the format, field 2 the producer, 7 the graph, 8 the operators.
        if (start is [0x08, < 32, 0x12 or 0x3A or 0x42, ..])
            return $"is probably an ONNX file; {SaveAgain}";
        if (start is [0x1F, 0x8B, ..])
            return "is compressed with gzip; unpack it first";
        return Text(start);
    }

    private static string? Text(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = start.TrimStart("\uFEFF \t\r\n"u8);
        if (text.StartsWith("<!DOCTYPE"u8) || text.StartsWith("<!doctype"u8) || text.StartsWith("<html"u8))
            return "is a web page; download the file itself";
        if (!text.StartsWith("{"u8))
            return null;
        return text.IndexOf("\"weight_map\""u8) >= 0
            ? "is an index of shards; put them together in Python: " +
              "import glob; from safetensors.torch import load_file, save_file; " +
              "save_file({k: v for f in glob.glob(\"model-*.safetensors\") for k, v in load_file(f).items()}, " +
                  "\"model.safetensors\")"
            : "is a JSON file; name the safetensors file that belongs to it";
    }

    private static string Archive(string firstEntry) =>
        // PyTorch has a folder with data.pkl in it, and newer versions begin with other small files of that folder.
        firstEntry.EndsWith("/data.pkl", StringComparison.Ordinal)
            || firstEntry.EndsWith("/byteorder", StringComparison.Ordinal) ||
        firstEntry.EndsWith("/.format_version", StringComparison.Ordinal) ? PyTorch("a PyTorch file") :
        firstEntry.EndsWith(".npy", StringComparison.Ordinal) ? $"is a NumPy archive; {SaveAgain}" :
        firstEntry is "metadata.json" or "config.json" ? $"is a Keras file; {SaveAgain}" :
        "is a ZIP archive; unpack it first";

    private static string PyTorch(string kind) =>
        $"is {kind}, where safetensors is expected; convert it in Python: import torch; from safetensors.torch import " +
            $"save_file; " +
        "save_file(torch.load(\"model.pth\", map_location=\"cpu\", weights_only=True), \"model.safetensors\")";

    /// <summary>The name of a ZIP archive's first entry, from its local header.</summary>
    private static string FirstEntry(ReadOnlySpan<byte> start)
    {
        const int LengthAt = 26, NameAt = 30;
        if (start.Length < NameAt)
            return "";
        int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(start[LengthAt..]), start.Length - NameAt);
        return Encoding.Latin1.GetString(start.Slice(NameAt, length));
    }
}
