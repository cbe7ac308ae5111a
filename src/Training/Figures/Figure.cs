using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IlgpuDistance.Training.Words;
using SkiaSharp;

namespace IlgpuDistance.Training.Figures;

/// <summary>A drawing that can be had as a PNG file, as an SVG file and as a part of an HTML page.</summary>
internal sealed partial class Figure
{
    /// <summary>Pixels of the PNG per unit of the drawing: sharp also on displays of high resolution.</summary>
    private const int PngScale = 2;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly Action<SKCanvas> _draw;

    /// <summary>Describes a drawing, which is made when it is asked for.</summary>
    /// <param name="name">Name of its files, without extension; unique in a report.</param>
    /// <param name="alternative">What it shows, in a sentence, for those who do not see it.</param>
    /// <param name="width">Width in units of about a pixel.</param>
    /// <param name="height">Height in the same units.</param>
    /// <param name="draw">Draws it on a canvas that is as large and blank.</param>
    internal Figure(string name, string alternative, int width, int height, Action<SKCanvas> draw)
    {
        (Name, Alternative, Width, Height) = (name, VisibleText.OneLine(alternative), width, height);
        _draw = draw;
    }

    /// <summary>The same drawing under another name.</summary>
    internal Figure Named(string name) => new(name, Alternative, Width, Height, _draw);

    /// <summary>Name of its files, without extension.</summary>
    public string Name { get; }

    /// <summary>What it shows, in a sentence.</summary>
    public string Alternative { get; }

    /// <summary>Width in units of about a pixel.</summary>
    public int Width { get; }

    /// <summary>Height in the same units.</summary>
    public int Height { get; }

    /// <summary>The figure as a PNG file.</summary>
    public byte[] ToPng()
    {
        var size = new SKImageInfo(Width * PngScale, Height * PngScale, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var surface = SKSurface.Create(size);
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>The figure as an SVG file, which carries its font.</summary>
    public string ToSvg()
    {
        XElement root = DrawSvg();
        root.AddFirst(new XElement(Svg + "style", FigureFont.CssRule));
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root.ToString(SaveOptions.DisableFormatting)}\n";
    }

    /// <summary>
    /// The figure as an element of an HTML page that defines the variables of <see cref="FigureColor"/> and the font. The names
    /// inside it begin with the figure's, as names must be unique in a page.
    /// </summary>
    public string ToHtml()
    {
        XElement root = DrawSvg();
        Dictionary<string, string> variables =
            FigureColor.All.ToDictionary(color => color.Light, color => $"var({color.Variable})");
        variables["white"] = variables[FigureColor.Paper.Light];
        foreach (XAttribute attribute in root.Descendants().Attributes())
        {
            if (variables.TryGetValue(attribute.Value, out string? variable))
                attribute.Value = variable;
        }
        return root.ToString(SaveOptions.DisableFormatting);
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColor.Parse(FigureColor.Paper.Light));
        _draw(canvas);
    }

    /// <summary>The drawing as SVG that fits any width and tells its content to screen readers.</summary>
    private XElement DrawSvg()
    {
        using var stream = new MemoryStream();
        // The canvas writes the end of the document when it is disposed.
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
            Draw(canvas);
        stream.Position = 0;
        XElement root = XDocument.Load(stream).Root!;
        // Tenths of a pixel suffice, and halve the file.
        foreach (XAttribute path in root.Descendants().Attributes("d"))
            path.Value = FractionPattern().Replace(path.Value, number => Rounded(number.Value));
        // Pictures are made of pixels, which are to be seen as squares.
        foreach (XElement image in root.Descendants(Svg + "image"))
            image.SetAttributeValue("style", "image-rendering:pixelated");
        NameElements(root);
        root.SetAttributeValue("viewBox", $"0 0 {Width} {Height}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", Alternative);
        return root;
    }

    private static string Rounded(string number) =>
        double.Parse(number, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Gives elements names of this figure; the library's count on from one drawing of a process to the next.</summary>
    private void NameElements(XElement root)
    {
        Dictionary<string, string> names = root.Descendants().Attributes("id").Index()
            .ToDictionary(id => id.Item.Value, id => $"{Name}-{id.Index + 1}");
        foreach (XAttribute attribute in root.Descendants().Attributes())
        {
            attribute.Value = attribute.Name == "id"
                ? names[attribute.Value]
                : ReferencePattern().Replace(
                    attribute.Value, reference => names.GetValueOrDefault(reference.Value, reference.Value));
        }
    }

    [GeneratedRegex(@"\d+\.\d{2,}")]
    private static partial Regex FractionPattern();

    [GeneratedRegex(@"(?<=^(url\()?#)[^)]+")]
    private static partial Regex ReferencePattern();
}
