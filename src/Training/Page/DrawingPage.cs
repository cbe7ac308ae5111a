using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Figures;

namespace IlgpuDistance.Training.Page;

/// <summary>
/// One file of HTML, which needs nothing else, on which one draws a digit and sees what trained networks measure of it. The
/// networks are in it and run in the browser. Its parts are the files beside this one; <c>network.js</c> has the mathematics.
/// </summary>
internal sealed partial class DrawingPage
{
    /// <summary>Test images of each class on the page.</summary>
    public const int ImagesOfAClass = 20;

    /// <summary>
    /// The modules, each behind those that it imports. They become one script, without their imports and exports: a file on a
    /// disk cannot import others. So a name at the top of one stands in no other.
    /// </summary>
    private static readonly string[] Modules =
    [
        "elements", "data", "network", "image", "draw", "pictures", "outputs", "hidden", "breaking", "fading", "panel", "input",
        "tour", "page",
    ];

    private readonly PageBytes _bytes = new();
    private readonly List<PageNetwork> _networks = [];
    private readonly Dataset _dataset;
    private readonly int[] _shown;
    private readonly int _pixels;

    /// <summary>A page without networks, with images of the data.</summary>
    public DrawingPage(Dataset dataset)
    {
        _dataset = dataset;
        byte[] labels = dataset.Test.Labels.ToArray();
        _shown = [.. Enumerable.Range(0, dataset.Classes).SelectMany(
            c => Enumerable.Range(0, labels.Length).Where(image => labels[image] == c).Take(ImagesOfAClass))];
        int size = dataset.Test.PixelsPerImage;
        _pixels = _bytes.Add(_shown.SelectMany(image => dataset.Test.Pixels.Slice(image * size, size).ToArray()).ToArray());
    }

    /// <summary>The test images on the page, by their indices: those of class 0 first.</summary>
    public IReadOnlyList<int> Images => _shown;

    /// <summary>The networks so far.</summary>
    public int Count => _networks.Count;

    /// <summary>Adds a network. Where others have its name it gets a number.</summary>
    /// <param name="subject">The network, with its parameters loaded, and the page's data.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="cancellation">Ends the measuring between two steps.</param>
    /// <exception cref="Gpu.Errors.InputException">An activation is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Add(AnalysisSubject subject, string name, CancellationToken cancellation)
    {
        string title = name;
        for (int n = 2; _networks.Any(network => network.Title == title); n++)
            title = $"{name} ({n})";
        _networks.Add(PageNetwork.Of(subject, title, _bytes, cancellation));
    }

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter output)
    {
        string script = Script();
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var parts = new Dictionary<string, string>
        {
            ["policy"] = $"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{hash}'",
            ["style"] = $"{FigureColor.CssRules()}\n{Read("page.css")}",
            ["data"] = HtmlEncoder.Default.Encode(_dataset.Name),
            ["description"] = Description(),
            ["bytes"] = _bytes.ToBase64(),
            ["script"] = script,
        };
        output.Write(PartPattern().Replace(Read("page.html"), part => parts[part.Groups[1].Value]));
    }

    /// <summary>All but the numbers as JSON, in which no character ends an element of HTML.</summary>
    private string Description()
    {
        ReadOnlySpan<byte> labels = _dataset.Test.Labels.Span;
        int[] shown = new int[_shown.Length];
        for (int i = 0; i < shown.Length; i++)
            shown[i] = labels[_shown[i]];
        return JsonSerializer.Serialize(
            new
            {
                _dataset.Test.Width,
                _dataset.Test.Height,
                _dataset.Classes,
                Pixels = _pixels,
                Labels = shown,
                Networks = _networks,
            },
            JsonSerializerOptions.Web);
    }

    private static string Script()
    {
        var script = new StringBuilder();
        const string Import = "import ", Export = "export ";
        foreach (string line in Modules.SelectMany(module => Read($"{module}.js").Split('\n')))
        {
            if (!line.StartsWith(Import, StringComparison.Ordinal))
                script.Append(line.StartsWith(Export, StringComparison.Ordinal) ? line[Export.Length..] : line).Append('\n');
        }
        return script.ToString();
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(DrawingPage).Assembly.GetManifestResourceStream($"page/{file}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{(policy|style|data|description|bytes|script)\}")]
    private static partial Regex PartPattern();
}
