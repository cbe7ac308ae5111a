using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace IlgpuDistance.Cli.Configuration;

/// <summary>Reads TOML.</summary>
internal static class TomlConfig
{
    /// <summary>Reads a text.</summary>
    /// <param name="file">The file that it is from, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InputException">It is no TOML; the message says where.</exception>
    public static ConfigValue Parse(string file, string text)
    {
        DocumentSyntax document = Parsed(file, text, validate: false);
        if (FirstError(document) is { } problem)
        {
            int at = Math.Clamp(problem.Span.Start.Offset, 0, text.Length);
            // Where a text has no end, the parser stops at the last character of the line.
            string line = text[(text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1)..].Split('\n')[0];
            bool isOpen = line.Count(symbol => symbol == '"') % 2 == 1;
            string what = isOpen ? "the line has a quotation mark too few" : ConfigText.Unexpected(text[at..]);
            throw new InputException($"{PlaceOf(file, problem.Span)}: is no TOML: {what}");
        }
        ConfigValue read = Read(file, document);
        // What each line says can be read; what is left is about several.
        return FirstError(Parsed(file, text, validate: true)) is not { } contradiction ? read : throw new InputException(
            $"{PlaceOf(file, contradiction.Span)}: is no TOML: this repeats or contradicts an earlier line");
    }

    private static DocumentSyntax Parsed(string file, string text, bool validate)
    {
        try
        {
            return SyntaxParser.Parse(text, file, validate);
        }
        catch (TomlException error)
        {
            throw new InputException($"{file}: is no TOML: its lists and tables are nested too deeply", error);
        }
    }

    private static DiagnosticMessage? FirstError(DocumentSyntax document) =>
        document.Diagnostics.FirstOrDefault(found => found.Kind == DiagnosticMessageKind.Error);

    private static ConfigValue Read(string file, DocumentSyntax document)
    {
        var root = new Table(new ConfigPlace(file, 1, 1));
        Add(file, root, document.KeyValues);
        foreach (TableSyntaxBase table in document.Tables)
        {
            Table target = table is TableSyntax ? root.Below(file, Path(table.Name!)) : new Table(default);
            Add(file, target, table.Items);
            // A list of tables: no option has one, which is for the reader of options to say.
            if (table is not TableSyntax)
            {
                ConfigPlace place = PlaceOf(file, table.Name!.Span);
                root.Set(table.Name.ToString().Trim(), place, new ConfigValue(ConfigKind.List, "", place));
            }
        }
        return root.ToValue();
    }

    private static void Add(string file, Table table, IEnumerable<KeyValueSyntax> pairs)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            BareKeyOrStringValueSyntax[] path = [.. Path(pair.Key!)];
            Table target = table.Below(file, path[..^1]);
            ConfigPlace place = PlaceOf(file, pair.Key!.Span);
            if (target.Has(TextOf(path[^1])))
                throw new InputException($"{place}: {pair.Key.ToString().Trim()} is given twice; give it once");
            target.Set(TextOf(path[^1]), place, ValueOf(file, pair.Value!));
        }
    }

    private static ConfigValue ValueOf(string file, ValueSyntax value)
    {
        ConfigPlace place = PlaceOf(file, value.Span);
        ConfigValue Scalar(ConfigKind kind, string text) => new(kind, text, place);
        switch (value)
        {
            case StringValueSyntax text:
                return Scalar(ConfigKind.Text, text.Value ?? "");
            case IntegerValueSyntax integer:
                return Scalar(ConfigKind.Integer, integer.Value.ToString(CultureInfo.InvariantCulture));
            case FloatValueSyntax number:
                return Scalar(ConfigKind.Number, TextOf(number.Value));
            case BooleanValueSyntax flag:
                return Scalar(ConfigKind.Flag, flag.Value ? "true" : "false");
            case ArraySyntax array:
                return Scalar(ConfigKind.List, "") with { Items = [.. array.Items.Select(item => ValueOf(file, item.Value!))] };
            case InlineTableSyntax inline:
                var table = new Table(place);
                Add(file, table, inline.Items.Select(item => item.KeyValue!));
                return table.ToValue();
            default:
                return Scalar(ConfigKind.Other, value.ToString().Trim());
        }
    }

    /// <summary>A number with a point, so that nobody takes 1.0 for a whole one.</summary>
    private static string TextOf(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.All(symbol => char.IsAsciiDigit(symbol) || symbol == '-') ? $"{text}.0" : text;
    }

    private static IEnumerable<BareKeyOrStringValueSyntax> Path(KeySyntax key) =>
        key.DotKeys.Select(dotted => dotted.Key!).Prepend(key.Key!);

    private static string TextOf(BareKeyOrStringValueSyntax key) =>
        key is StringValueSyntax quoted ? quoted.Value ?? "" : key.ToString().Trim();

    private static ConfigPlace PlaceOf(string file, SourceSpan span) => new(file, span.Start.Line + 1, span.Start.Column + 1);

    /// <summary>A table that is being read; TOML can name the same one in several places.</summary>
    private sealed class Table(ConfigPlace place)
    {
        private readonly List<(string Key, ConfigPlace Place, object Value)> _entries = [];

        public bool Has(string key) => _entries.Any(entry => entry.Key == key);

        public void Set(string key, ConfigPlace at, object value) => _entries.Add((key, at, value));

        public Table Below(string file, IEnumerable<BareKeyOrStringValueSyntax> path)
        {
            Table table = this;
            foreach (BareKeyOrStringValueSyntax key in path)
            {
                string name = TextOf(key);
                if (table._entries.FirstOrDefault(entry => entry.Key == name).Value is not Table inner)
                    table.Set(name, PlaceOf(file, key.Span), inner = new Table(PlaceOf(file, key.Span)));
                table = inner;
            }
            return table;
        }

        public ConfigValue ToValue() => new(ConfigKind.Table, "", place)
        {
            Entries = [.. _entries.Select(entry => new ConfigEntry(
                entry.Key, entry.Place, entry.Value is Table inner ? inner.ToValue() : (ConfigValue)entry.Value))],
        };
    }
}
