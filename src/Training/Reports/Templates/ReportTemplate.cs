using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Figures;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Reports.Templates;

/// <summary>
/// A document about several experiments: a file of Markdown in which placeholders stand for parts of their reports, so that it is
/// made again by a command when runs were added, and no figure in it is written by hand. A placeholder is
/// <c>{{EXPERIMENT: WHAT NAME}}</c>, with the experiment's folder:
/// <list type="bullet">
/// <item>by itself on a line <c>table NAME</c>, <c>figure NAME</c>, <c>findings SECTION</c>, or <c>verdicts</c>;</item>
/// <item>in a sentence <c>mean MODEL</c>, the test accuracy.</item>
/// </list>
/// Two take several experiments: <c>{{compare: A MODEL above B MODEL by POINTS}}</c> in a sentence, a condition with its verdict;
/// and <c>{{runs: A, B}}</c> on a line, a table of what was run where and how long it took. What an experiment cannot say because
/// nothing of it is finished is said instead.
/// </summary>
internal static partial class ReportTemplate
{
    /// <summary>Fills a template in.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="experiments">The folder that holds the experiments.</param>
    /// <param name="figureFolder">The folder of the figures, relative to the document.</param>
    /// <exception cref="InputException">
    /// It cannot be read, or names what is not there; the message is one line with the place.
    /// </exception>
    public static FilledTemplate Fill(string path, string experiments, string figureFolder)
    {
        if (!Directory.Exists(experiments))
            throw new InputException($"{experiments}: there is no such folder; name the one that holds the experiments");
        string text = ReadText(path);
        var values = new TemplateValues(experiments, figureFolder);
        string filled = PlaceholderPattern().Replace(text, placeholder =>
        {
            try
            {
                return values.Of(placeholder.Groups["experiment"].Value, placeholder.Groups["what"].Value);
            }
            catch (InputException error)
            {
                int line = text.AsSpan(0, placeholder.Index).Count('\n') + 1;
                throw new InputException($"{path}: line {line}: {placeholder.Value}: {error.Message}", error);
            }
        });
        return new FilledTemplate(filled, values.Figures);
    }

    /// <summary>The folder of a document's figures, relative to it: in a folder beside it that has its name.</summary>
    /// <param name="document">The document's file.</param>
    public static string FigureFolderOf(string document) =>
        $"{Path.GetFileNameWithoutExtension(document)}/{FigureFiles.FolderName}";

    /// <summary>Writes a document and its figures; those that were figures of it before and are none now are removed.</summary>
    /// <exception cref="InputException">A folder cannot be made.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(FilledTemplate filled, string document)
    {
        string figures = Path.Combine(Path.GetDirectoryName(document) ?? "", FigureFolderOf(document));
        OutputFolder.Create(figures);
        FigureFiles.Write(filled.Figures, figures, document, $"{document}: is not written", hasVectors: false);
        AtomicFile.WriteText(document, writer => writer.Write(filled.Text));
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).ReplaceLineEndings("\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    [GeneratedRegex(@"\{\{\s*(?<experiment>[^{}:]+?)\s*:\s*(?<what>[^{}]+?)\s*\}\}")]
    private static partial Regex PlaceholderPattern();
}

/// <summary>A document made from a template.</summary>
/// <param name="Text">Its text, in Markdown.</param>
/// <param name="Figures">The figures that it shows.</param>
internal sealed record FilledTemplate(string Text, IReadOnlyList<Figure> Figures);
