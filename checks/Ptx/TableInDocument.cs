using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>The table between two marks in a Markdown file.</summary>
/// <param name="path">The file.</param>
internal sealed class TableInDocument(string path)
{
    private const string Begin = "<!-- check-ptx: scripts/check-ptx --update writes what follows -->\n\n";
    private const string End = "\n<!-- check-ptx: end -->";

    /// <summary>The file's name.</summary>
    public string Path => path;

    /// <summary>The table as it stands in the file.</summary>
    /// <exception cref="InputException">The file is missing or has no marks.</exception>
    public string Read()
    {
        var (text, start, end) = Find();
        return text[start..end];
    }

    /// <summary>Puts another table in its place.</summary>
    /// <exception cref="InputException">The file is missing or has no marks.</exception>
    public void Write(string table)
    {
        var (text, start, end) = Find();
        File.WriteAllText(path, text[..start] + table + text[end..]);
    }

    private (string Text, int Start, int End) Find()
    {
        string text = File.Exists(path)
            ? File.ReadAllText(path)
            : throw new InputException($"{path}: no such file; run this in the project's folder");
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0
            ? throw new InputException(
                $"{path}: expected the lines \"{Begin.Trim()}\" and \"{End.Trim()}\" around the table of machine code")
            : (text, begin + Begin.Length, end);
    }
}
