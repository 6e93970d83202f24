// Declares keys, labels and indexes once; a second run finds them and changes nothing.
// The name of an index is the name of its store, and Lucene takes letters and digits only.
graph.tx().rollback()
m = graph.openManagement()
if (m.getGraphIndex('byText') != null) {
    m.rollback()
    return 'found'
}
def key = { name, type -> m.makePropertyKey(name).dataType(type).make() }
def text = key('name', String)
def about = key('about', String)
['email', 'town', 'kind', 'opened', 'scheme', 'system', 'category', 'reference', 'recipe'].each { key(it, String) }
['born', 'seed'].each { key(it, Integer) }
['flagged', 'complete'].each { key(it, Boolean) }
def at = key('at', Long)
key('amount_cents', Long)
['transfer_id', 'purchase_id'].each { key(it, String) }

['person', 'account', 'card', 'device', 'merchant', 'dataset'].each { label ->
    m.makeVertexLabel(label).make()
    def id = key(label + '_id', String)
    m.buildIndex('by' + label.capitalize() + 'Id', Vertex.class).addKey(id).unique().buildCompositeIndex()
}
m.buildIndex('byTown', Vertex.class).addKey(m.getPropertyKey('town')).buildCompositeIndex()
m.buildIndex('byFlagged', Vertex.class).addKey(m.getPropertyKey('flagged')).buildCompositeIndex()
m.buildIndex('byText', Vertex.class)
    .addKey(text, Mapping.TEXTSTRING.asParameter()).addKey(about, Mapping.TEXT.asParameter()).buildMixedIndex('search')

['owns', 'has_card'].each { m.makeEdgeLabel(it).multiplicity(Multiplicity.ONE2MANY).make() }
m.makeEdgeLabel('uses').make()
['transfer', 'purchase'].each { label ->
    def edge = m.makeEdgeLabel(label).make()
    m.buildEdgeIndex(edge, label + 'ByTime', Direction.BOTH, Order.asc, at)
}
m.commit()
'made'
