using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// The bytes of a file of metrics, compared with what was written. Programs that open the file, such as spreadsheets, may
/// save it with other ends of lines, with a byte-order mark or without the end of the last line; that changes no figure.
/// </summary>
internal static class MetricsText
{
    private static readonly byte[] ByteOrderMark = Encoding.UTF8.GetBytes("\uFEFF");

    /// <summary>The bytes up to a mark as they were written; null where they were others.</summary>
    public static byte[]? UpTo(MetricsMark mark, byte[] content) =>
        new[] { content, AsWritten(content) }
            .Where(text => text.Length >= mark.Bytes)
            .Select(text => text[..(int)mark.Bytes])
            .FirstOrDefault(text => Sha256(text) == mark.Sha256);

    /// <summary>Whether a whole file is the one with this SHA-256.</summary>
    public static bool Is(string sha256, byte[] content) => Sha256(content) == sha256 || Sha256(AsWritten(content)) == sha256;

    /// <summary>What is wrong with the rows of a file without a known SHA-256, in words; null where each epoch has one.</summary>
    public static string? RowProblem(byte[] content, int epochs)
    {
        string[] lines = Encoding.UTF8.GetString(AsWritten(content)).Split('\n');
        for (int epoch = 0; epoch <= epochs; epoch++)
        {
            string line = epoch + 1 < lines.Length ? lines[epoch + 1] : "";
            if (line.StartsWith($"{epoch},", StringComparison.Ordinal))
                continue;
            bool isTwice = epoch == 1 && line.StartsWith("0,", StringComparison.Ordinal);
            string advice = isTwice ? " (an earlier version wrote row 0 twice; delete this line)" : "";
            return $"line {epoch + 2} of {RunFiles.Metrics} is not that of epoch {epoch}{advice}";
        }
        return null;
    }

    /// <summary>
    /// The bytes without most lines: the header stays, and the rows of the epochs below <paramref name="every"/>, in which
    /// curves are steepest, of its multiples, and of the last epoch.
    /// </summary>
    /// <param name="content">A whole file, thinned or not.</param>
    /// <param name="every">Epochs between two rows, from 1.</param>
    public static byte[] Thin(byte[] content, int every)
    {
        string[] lines = Encoding.UTF8.GetString(AsWritten(content)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool IsKept(string line, int index) =>
            index == 0 || index == lines.Length - 1 || EpochOf(line) is not { } epoch || epoch < every || epoch % every == 0;

        return Encoding.UTF8.GetBytes(string.Concat(lines.Where(IsKept).Select(line => line + "\n")));
    }

    /// <summary>The epoch of a row; null where it has none.</summary>
    public static int? EpochOf(ReadOnlySpan<char> line)
    {
        int comma = line.IndexOf(',');
        return comma > 0 && int.TryParse(line[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
            ? epoch
            : null;
    }

    /// <summary>The bytes without the last line.</summary>
    public static byte[] WithoutLastLine(byte[] content)
    {
        byte[] text = AsWritten(content);
        return text[..(text.AsSpan(0, Math.Max(0, text.Length - 1)).LastIndexOf((byte)'\n') + 1)];
    }

    /// <summary>The bytes with the ends of lines that this program writes, and no byte-order mark.</summary>
    public static byte[] AsWritten(byte[] content)
    {
        ReadOnlySpan<byte> text = content.AsSpan().StartsWith(ByteOrderMark) ? content.AsSpan(ByteOrderMark.Length) : content;
        var written = new List<byte>(text.Length + 1);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                written.Add(text[i]);
        }
        if (written.Count > 0 && written[^1] != '\n')
            written.Add((byte)'\n');
        return [.. written];
    }

    private static string Sha256(byte[] text) => Convert.ToHexStringLower(SHA256.HashData(text));
}
