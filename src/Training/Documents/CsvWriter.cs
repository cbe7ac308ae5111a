using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Documents;

/// <summary>
/// Writes tables as CSV after RFC 4180, with line feeds. Fields are written as they are: names of models begin with a letter or
/// digit, so that no spreadsheet takes one for a formula, and hold no control characters (<see cref="Expect.Name"/>).
/// </summary>
internal static class CsvWriter
{
    /// <summary>Writes one line.</summary>
    public static void WriteLine(TextWriter output, IEnumerable<string> fields) =>
        output.Write($"{string.Join(',', fields.Select(Quote))}\n");

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
