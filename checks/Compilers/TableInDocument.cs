using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>The table between two marks in a Markdown file.</summary>
/// <param name="path">The file.</param>
/// <param name="script">The script that writes it, whose name the marks have.</param>
internal sealed class TableInDocument(string path, string script)
{
    private readonly string _begin = $"<!-- {script}: scripts/{script} --update writes what follows -->\n\n";
    private readonly string _end = $"\n<!-- {script}: end -->";

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
        int begin = text.IndexOf(_begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : text.IndexOf(_end, begin, StringComparison.Ordinal);
        return end < 0
            ? throw new InputException(
                $"{path}: expected the lines \"{_begin.Trim()}\" and \"{_end.Trim()}\" around the table of machine code")
            : (text, begin + _begin.Length, end);
    }
}
