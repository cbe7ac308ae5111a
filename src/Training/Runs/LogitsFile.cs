using System.Globalization;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Runs;

/// <summary>Logits as CSV, one line per sample.</summary>
internal static class LogitsFile
{
    /// <summary>
    /// Writes <c>index,label,logit_0,logit_1,…</c>, atomically. The logits have as many digits as float32 needs.
    /// </summary>
    /// <param name="path">The file's name.</param>
    /// <param name="logits">[samples, classes] row-major.</param>
    /// <param name="labels">[samples].</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlyMemory<float> logits, ReadOnlyMemory<byte> labels) =>
        AtomicFile.WriteText(path, writer =>
    {
        int classes = logits.Length / labels.Length;
        writer.WriteLine($"index,label,{string.Join(',', Enumerable.Range(0, classes).Select(c => $"logit_{c}"))}");
        for (int i = 0; i < labels.Length; i++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{i},{labels.Span[i]}"));
            foreach (float logit in logits.Span.Slice(i * classes, classes))
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{logit:R}"));
            writer.WriteLine();
        }
    });
}
